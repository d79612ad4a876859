import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { controlRecordKey } from '../../src/lib/records/control-record-type.ts'
import { type Draw, pick, type World } from './random-world.ts'

/** Batches as producers send them, and as they should not. */
export function randomRecords(world: World, draw: Draw): string {
  const producer = pick(draw, [undefined, undefined, ...world.producers.slice(-4)])
  const writer = new BatchWriter({
    ...(producer === undefined ? {} : { ...producer, baseSequence: Math.floor(draw() * 4) }),
    isTransactional: draw() < 0.2,
    isControl: draw() < 0.05,
    codec: pick(draw, ['none', 'none', 'gzip', 'lz4', 'snappy', 'zstd']),
    baseOffset: draw() < 0.05 ? 3 : 0,
    ...(draw() < 0.05 ? { logAppendTime: world.nowMs } : {}),
  })
  const count = 1 + Math.floor(draw() * 3)
  for (let i = 0; i < count; i++) {
    const key = draw() < 0.1 ? controlRecordKey('COMMIT') : draw() < 0.5 ? null : Buffer.from(`k${i}`)
    writer.append({ key, value: Buffer.from(`value ${i}`), timestamp: world.nowMs - (i === 1 ? 1000 : 0) })
  }
  const bytes = Buffer.from(writer.finish())
  const trouble = draw()
  if (trouble < 0.04) bytes.writeUInt8((bytes[40] ?? 0) ^ 1, 40)
  if (trouble > 0.96) return bytes.subarray(0, bytes.length - 3).toString('base64')
  if (trouble > 0.94) return Buffer.concat([bytes, bytes]).toString('base64')
  return bytes.toString('base64')
}
