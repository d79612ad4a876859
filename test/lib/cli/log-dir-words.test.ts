import { describe, expect, it } from 'vitest'
import { spreadLogDirs } from '../../../src/lib/cli/log-dir-words.ts'
import { FailedError } from '../../../src/lib/errors.ts'

const there = new Set(['d1', 'd2', 'old'].map((name) => `/data/${name}/meta.properties`))
there.add('/data/old/recovery-point-offset-checkpoint')
there.add('/data/d3/recovery-point-offset-checkpoint')

function stat(path: string) {
  if (path.length > 100) throw new FailedError('bad-path', 'the path is too long')
  return there.has(path) ? { kind: 'file' as const, sizeBytes: 1, modifiedMs: 0 } : undefined
}

function spread(line: string): string {
  return spreadLogDirs(line.split(' '), { stat }).join(' ')
}

describe('spreadLogDirs', () => {
  it.each([
    ['--log-dir /data/d1 /data/d2 /data/d3', '--log-dir /data/d1 --log-dir /data/d2 --log-dir /data/d3'],
    ['--log-dir=/data/d1 /data/d2', '--log-dir=/data/d1 --log-dir /data/d2'],
    ['--log-dir /data/d1 --log-dir /data/d2', '--log-dir /data/d1 --log-dir /data/d2'],
    ['--log-dir /data/d1 orders /data/d2', '--log-dir /data/d1 orders /data/d2'],
    ['--log-dir /data/d1 -o json /data/d2', '--log-dir /data/d1 -o json /data/d2'],
    ['orders /data/d1', 'orders /data/d1'],
    ['--log-dir /data/d1 -- /data/d2', '--log-dir /data/d1 -- /data/d2'],
    ['--log-dir', '--log-dir'],
    [`--log-dir /data/d1 ${'long'.repeat(25)}`, `--log-dir /data/d1 ${'long'.repeat(25)}`],
  ])('makes of %j %j', (line, expected) => {
    expect(spread(line)).toBe(expected)
  })
})
