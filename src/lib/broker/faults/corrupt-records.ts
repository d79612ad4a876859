import { LENGTH, LOG_OVERHEAD } from '../../records/batch-layout.ts'
import { isStruct, type StructValue } from './message-roles.ts'

/** An answer whose batches of records all fail their checksum; those in the log stay as they are. */
export function withCorruptRecords(answer: StructValue): StructValue {
  const changed: Record<string, unknown> = { ...answer }
  for (const [name, value] of Object.entries(answer)) {
    if (name === 'records' && Buffer.isBuffer(value)) changed[name] = corrupted(value)
    else if (Array.isArray(value))
      changed[name] = value.map((element: unknown) =>
        isStruct(element) ? withCorruptRecords(element) : element,
      )
  }
  return changed
}

/** The last byte of a batch is under its checksum, whatever the version of its layout. */
function corrupted(records: Buffer): Buffer {
  const copy = Buffer.from(records)
  for (let at = 0; at + LOG_OVERHEAD < copy.length; ) {
    const end = at + LOG_OVERHEAD + copy.readInt32BE(at + LENGTH)
    if (end <= at + LOG_OVERHEAD || end > copy.length) break
    copy.writeUInt8(copy.readUInt8(end - 1) ^ 1, end - 1)
    at = end
  }
  return copy
}
