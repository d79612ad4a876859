import { expect, it } from 'vitest'
import { FailedError } from '../../../src/lib/errors.ts'
import { writeError } from '../../../src/lib/output/failures.ts'

it('What a broker says of an error is plain lines, whichever way it ends them', async () => {
  const written: string[] = []
  const stderr = {
    isTerminal: true,
    hasColour: false,
    width: 80,
    write: async (text: string | Uint8Array) => written.push(String(text)) > 0,
  }
  const error = new FailedError('unknown', 'one\r\ntwo\rthree\x1b[2J', { hint: 'four\r\nfive' })
  await writeError(stderr, error, false)
  expect(written.join('')).toBe('Error: one\ntwo\\rthree\\x1b[2J\n  four\n  five\n')
})
