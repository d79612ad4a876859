import { UsageError } from '../errors.ts'

const LARGEST = 2 ** 31 - 1

/** Ids of brokers as they are typed: `1 2`, or `1,2`. */
export function parseBrokerIds(texts: readonly string[]): number[] {
  return texts.flatMap((text) => text.split(',').map((part) => brokerId(part.trim())))
}

function brokerId(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (id <= LARGEST) return id
  throw new UsageError('invalid-broker-id', `"${text}" is no id of a broker`, {
    hint: 'ids are numbers: 1 2 3, or 1,2,3',
  })
}
