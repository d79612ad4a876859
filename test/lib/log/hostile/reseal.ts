import { crc32c } from '../../../../src/lib/bytes/crc32c.ts'
import { batchLayout, messageLayout } from '../../../../src/lib/records/batch-layout.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'

/** Every batch that can still be framed gets the CRC of what it has become. */
export function resealedLog(bytes: Buffer): Buffer {
  const sealed = Buffer.from(bytes)
  for (const found of scanBatches(sealed)) {
    if (found.kind === 'damage') continue
    const at = found.magic === 2 ? batchLayout.crc : messageLayout.crc
    sealed.writeUInt32BE(found.computeCrc(), found.position + at)
  }
  return sealed
}

const SNAPSHOT_CRC = 2
const SNAPSHOT_COVERED = 6

export function resealedSnapshot(bytes: Buffer): Buffer {
  const sealed = Buffer.from(bytes)
  if (sealed.length >= SNAPSHOT_COVERED) sealed.writeUInt32BE(crc32c(sealed, SNAPSHOT_COVERED), SNAPSHOT_CRC)
  return sealed
}
