import { expect, it } from 'vitest'
import { ScriptLineEngine, startLineEngine } from '../../../../src/lib/output/records/line-engine.ts'
import { ValueLines } from '../../../../src/lib/output/records/value-lines.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'

const place = { topic: 'orders', partition: 0 }

it.each([
  ['the module', () => startLineEngine()],
  ['the script', () => new ScriptLineEngine()],
])('writes values a line each, as they are, by %s', (_, engine) => {
  const values = [
    ...Array.from({ length: 500 }, (__, i) => 'x'.repeat(i)),
    null,
    'y'.repeat(3 * 1024 * 1024),
    'last',
  ]
  const writer = new BatchWriter()
  for (const [i, value] of values.entries()) {
    const headers = i === 300 ? [{ key: Buffer.from('h'), value: null }] : []
    writer.append({ timestamp: i, key: null, value: value === null ? null : Buffer.from(value), headers })
  }
  const lines = new ValueLines(engine())
  for (const batch of scanBatches(writer.finish())) {
    if (batch.kind === 'batch') lines.addAll(place, batch, openRecords(batch))
  }
  expect(Buffer.from(lines.take()).toString()).toBe(`${values.map((value) => value ?? '').join('\n')}\n`)
})
