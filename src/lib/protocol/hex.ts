import { DataError } from '../errors.ts'

/** Hex digits as people paste them: white space anywhere, either case. */
export function decodeHex(text: string): Buffer {
  const digits = text.replace(/^\u00EF\u00BB\u00BF|\s+/g, '')
  const wrong = /[^0-9a-fA-F]/.exec(digits)
  if (wrong !== null)
    throw new DataError(
      'wrong-hex',
      `${JSON.stringify(wrong[0])} is not a hex digit (digit ${wrong.index + 1})`,
      {
        hint: 'give --input binary for raw bytes',
      },
    )
  if (digits.length % 2 === 1)
    throw new DataError('wrong-hex', `${digits.length} hex digits do not make whole bytes`)
  return Buffer.from(digits, 'hex')
}
