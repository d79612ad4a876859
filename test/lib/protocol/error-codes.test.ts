import { expect, it } from 'vitest'
import { errorCodes } from '../../../src/lib/protocol/error-codes.ts'
import { protocolErrors } from '../../../src/lib/protocol/errors.ts'

it('names every error of the table by its code', () => {
  expect(Object.entries(errorCodes)).toEqual(protocolErrors.map(({ name, code }) => [name, code]))
})
