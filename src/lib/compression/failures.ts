import { DataError } from '../errors.ts'
import type { Codec } from './codec.ts'
import { FULL } from './kernels/outcome.ts'

/** Compressed bytes that are not what they should be. `position` counts from the start of the input. */
export function broken(codec: Codec, what: string, position?: number, cause?: unknown): DataError {
  const place = position === undefined ? '' : ` at byte ${position} of the compressed data`
  return new DataError('decompression-failed', `${codec}: ${what}${place}`, {
    details: { codec, ...(position === undefined ? {} : { position }) },
    cause,
  })
}

/** More would come out than the caller is ready to take. */
export function beyondLimit(codec: Codec, maxBytes: number, position?: number): DataError {
  return new DataError('decompression-limit', `${codec}: the data expands to more than ${maxBytes} bytes`, {
    hint: 'raise the limit if the data is to be trusted',
    details: { codec, maxBytes, ...(position === undefined ? {} : { position }) },
  })
}

/** The error for a kernel's negative outcome; `position` is where the block began. */
export function kernelFailure(
  codec: Codec,
  outcome: number,
  position: number,
  limit: { reached: boolean; maxBytes: number },
): DataError {
  if (outcome !== FULL) return broken(codec, 'malformed data', -2 - outcome)
  if (limit.reached) return beyondLimit(codec, limit.maxBytes, position)
  return broken(codec, 'a block holds more than it may', position)
}
