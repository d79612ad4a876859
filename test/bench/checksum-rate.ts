import { crc32c } from '@node-rs/crc32'
import { measure } from './measure.ts'

const BATCH_BYTES = 64 << 10
const BATCHES = 32

/** Bytes a second of the CRC package alone: absolute figures of a machine count by it. */
export function checksumRate(): number {
  const batch = Buffer.alloc(BATCH_BYTES, 'record ')
  const work = () => {
    for (let i = 0; i < BATCHES; i++) crc32c(batch)
  }
  const [timing] = measure([{ name: 'CRC package alone', work }])
  return (BATCH_BYTES * BATCHES * 1e6) / (timing?.bestUs ?? Number.NaN)
}
