import { errorCodes } from '../../../src/lib/protocol/error-codes.ts'

const names = new Map(Object.entries(errorCodes).map(([name, code]) => [code as number, name]))

export function errorName(code: number): string {
  return names.get(code) ?? String(code)
}
