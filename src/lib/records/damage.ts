import { DataError } from '../errors.ts'

export type DamageReason =
  /** The bytes end before the batch does: a torn write, or a fetch response's last batch. */
  | 'cut'
  /** Nothing but zeros to the end: a preallocated file that was not closed. */
  | 'zeros'
  /** The length cannot be that of a batch. */
  | 'length'
  /** A version that no Kafka has written. */
  | 'magic'
  | 'crc'

/** Something in the place of a batch, or a batch whose content is not what was written. */
export interface Damage {
  readonly kind: 'damage'
  readonly reason: DamageReason
  /** Where it starts in the file or response. */
  readonly position: number
  /** The bytes it takes up: to the next batch where the length can be believed, else all the rest. */
  readonly sizeBytes: number
  /** What was found, as the end of a sentence about this position. */
  readonly finding: string
  readonly details: Readonly<Record<string, number>>
}

export function damage(
  reason: DamageReason,
  position: number,
  sizeBytes: number,
  finding: string,
  details: Record<string, number> = {},
): Damage {
  return { kind: 'damage', reason, position, sizeBytes, finding, details }
}

export function damageError(found: Damage): DataError {
  const { position, sizeBytes, details } = found
  return new DataError(`batch-${found.reason}`, `the batch at position ${position}: ${found.finding}`, {
    details: { position, sizeBytes, ...details },
  })
}
