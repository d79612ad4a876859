import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../src/lib/ports/clock.ts'
import { type LogLevel, lineLog } from '../../../src/lib/ports/log-sink.ts'

const clock: Clock = { nowMs: () => 1_768_435_200_000, monotonicMs: () => 0, after: () => () => {} }

function logged(level: LogLevel, message: string, facts?: Record<string, unknown>): string {
  const lines: string[] = []
  lineLog((line) => lines.push(line), clock).log(level, message, facts)
  expect(lines).toHaveLength(1)
  return lines[0] ?? ''
}

describe('lineLog', () => {
  it('writes one line: time, level, message, facts', () => {
    const facts = { peer: '127.0.0.1:9092', count: 3n, why: 'too large', ids: [1, 2n], none: null }
    expect(logged('warn', 'connection closed', facts)).toBe(
      '2026-01-15T00:00:00.000Z WARN  connection closed peer=127.0.0.1:9092 count=3 why="too large" ids="[1,\\"2\\"]" none=null',
    )
  })

  it('lets nobody forge a line or drive the terminal', () => {
    const line = logged('info', 'hello\nERROR forged', { client: '\u001b[2J\u2028\u0085' })
    for (const raw of ['\n', '\u001b', '\u0085', '\u2028']) expect(line).not.toContain(raw)
    expect(line).toContain('hello\\x0aERROR forged')
  })

  it('cuts a long line at 512 bytes, not inside a character', () => {
    for (const pad of ['', 'x', 'xx', 'xxx']) {
      const line = logged('error', pad + '🙂'.repeat(400))
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(512)
      expect(line).toMatch(/🙂…$/u)
    }
  })
})
