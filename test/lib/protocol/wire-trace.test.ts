import { expect, test } from 'vitest'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { apiSubject } from '../../../src/lib/protocol/wire-subject.ts'
import { traceWire } from '../../../src/lib/protocol/wire-trace.ts'

test('a message of any size can be traced', () => {
  const topics = Array.from({ length: 30_000 }, (_, i) => ({ name: `topic-${i}` }))
  const bytes = metadata.request.encode({ topics }, 12)
  const { ranges, failures } = traceWire(apiSubject('Metadata', 'request', 12), bytes)
  expect(failures).toStrictEqual([])
  expect(ranges.length).toBeGreaterThan(90_000)
  expect(ranges.at(-1)?.end).toBe(bytes.length)
})

test('of long values a trace shows the beginning', () => {
  const bytes = metadata.request.encode({ topics: [{ name: 'x'.repeat(200) }] }, 4)
  const [, name] = traceWire(apiSubject('Metadata', 'request', 4), bytes).ranges
  expect(name?.hex).toHaveLength(24 * 2 + 1)
  expect(name?.meaning).toHaveLength(81)
})
