import { crc32c } from '../../src/lib/bytes/crc32c.ts'

const LENGTH = 8
const CRC = 17
const ATTRIBUTES = 21
const BASE_TIMESTAMP = 27
const PRODUCER_ID = 43
const PRODUCER_EPOCH = 51
const HEADER_BYTES = 61
/** LogAppendTime, and control batches: the broker's clock is in them. */
const TIMED_BY_BROKER = 0x28

type Rename = (id: number, epoch: number) => { producerId: number; producerEpoch: number } | undefined

/** The same batches by another producer. One whose CRC was broken on purpose stays broken. */
export function withProducer(base64: string, rename: Rename): string {
  return eachBatch(base64, (batch) => {
    const id = Number(batch.readBigInt64BE(PRODUCER_ID))
    const ours = id < 0 ? undefined : rename(id, batch.readInt16BE(PRODUCER_EPOCH))
    if (ours === undefined) return
    const isSound = crc32c(batch, ATTRIBUTES) === batch.readUInt32BE(CRC)
    batch.writeBigInt64BE(BigInt(ours.producerId), PRODUCER_ID)
    batch.writeInt16BE(ours.producerEpoch, PRODUCER_EPOCH)
    if (isSound) batch.writeUInt32BE(crc32c(batch, ATTRIBUTES), CRC)
  })
}

/**
 * What a client makes of them: without what the broker's clock has put in, and without a batch that is cut off at
 * the end. Kafka fills an answer up to its last byte, ours stops after a batch.
 */
export function comparable(base64: string): string {
  let wholeBytes = 0
  const changed = eachBatch(base64, (batch) => {
    wholeBytes += batch.length
    if ((batch.readUInt16BE(ATTRIBUTES) & TIMED_BY_BROKER) === 0) return
    batch.fill(0, BASE_TIMESTAMP, BASE_TIMESTAMP + 16)
    batch.fill(0, CRC, CRC + 4)
  })
  return Buffer.from(changed, 'base64').subarray(0, wholeBytes).toString('base64')
}

function eachBatch(base64: string, change: (batch: Buffer) => void): string {
  const bytes = Buffer.from(base64, 'base64')
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + 12 + bytes.readInt32BE(at + LENGTH)
    if (end < at + HEADER_BYTES || end > bytes.length || bytes[at + 16] !== 2) break
    change(bytes.subarray(at, end))
    at = end
  }
  return bytes.toString('base64')
}
