import { describe, expect, it } from 'vitest'
import { type GoldenLog, goldenLogs } from './golden-logs.ts'
import { type Line, linesOf } from './kafka-lines.ts'

const whole = [
  { from: 'partitions', logs: goldenLogs('segments', 'expected/segments'), batches: 2830, records: 8563 },
  { from: 'log directories', logs: goldenLogs('logdirs', 'expected/logdirs'), batches: 1274, records: 3597 },
  {
    from: 'a healthy partition',
    logs: goldenLogs('corrupt/base', 'corrupt/base-expected'),
    batches: 24,
    records: 84,
  },
]

const damaged = goldenLogs('corrupt/cases', 'corrupt/damaged-expected')

describe.each(whole)('The logs of $from', ({ logs, batches, records }) => {
  it.each(byName(logs))('read as Kafka reads them: %s', (_name, log) => {
    const { lines, damage } = linesOf(log.bytes)
    const ends = log.lines.filter((line) => line.kind === 'error')

    expect(lines).toEqual(log.lines.filter((line) => line.kind !== 'error'))
    expect(damage.map((found) => found.reason)).toEqual(ends.map(() => 'zeros'))
  })

  it('are all there', () => {
    const kinds = logs.flatMap((log) => log.lines.map((line) => line.kind))
    expect(kinds.filter((kind) => kind === 'batch').length).toBe(batches)
    expect(kinds.filter((kind) => kind === 'record').length).toBe(records)
  })
})

/** What is found in the damaged logs, by case. In the others every batch is framed. */
const findings: Record<string, string> = {
  'flip-length-low': 'cut at 1652',
  'flip-magic': 'magic at 1104',
  'garbage-middle-segment-tail': 'magic at 4470',
  'garbage-tail': 'magic at 2327',
  'garbage-tail-5': 'cut at 2327',
  'length-negative': 'length at 1104',
  'length-oversize': 'cut at 1104',
  'length-zero': 'length at 1104',
  'trunc-last-1-byte': 'cut at 2153',
  'trunc-last-mid-header': 'cut at 2153',
  'trunc-last-mid-records': 'cut at 2153',
  'trunc-middle-segment': 'cut at 1104',
  'zero-hole': 'length at 1104',
  'zero-tail': 'zeros at 2327',
}

describe('Damaged logs', () => {
  it.each(byName(damaged))('read as Kafka reads them, as far as it does: %s', (name, { bytes, lines }) => {
    const { lines: ours, damage } = linesOf(bytes)
    const kafkas = lines.filter((line) => line.kind !== 'error').map(withoutWords)
    const stopped = kafkas.length < lines.length

    expect(ours.slice(0, stopped ? kafkas.length : undefined).map(withoutWords)).toEqual(kafkas)
    const found = damage.map(({ reason, position }) => `${reason} at ${position}`)
    expect(found.join()).toBe(findings[caseOf({ name })] ?? '')
  })

  it('are all there, each kind of damage found', () => {
    expect(damaged.length).toBe(36)
    expect(Object.keys(findings).filter((name) => !damaged.some((log) => caseOf(log) === name))).toEqual([])
  })

  it('go on behind a batch of an unknown magic', () => {
    const log = damaged.find((candidate) => caseOf(candidate) === 'flip-magic')
    const healthy = whole[2]?.logs.find((candidate) => log?.name.endsWith(candidate.name))
    const batches = linesOf(log?.bytes ?? Buffer.alloc(0)).lines.filter((line) => line.kind === 'batch')
    const expected = healthy?.lines.filter((line) => line.kind === 'batch' && line.position !== 1104)

    expect(batches).toEqual(expected)
  })
})

function byName(logs: GoldenLog[]): [string, GoldenLog][] {
  return logs.map((log) => [log.name, log])
}

function caseOf({ name }: Pick<GoldenLog, 'name'>): string {
  return name.split('/')[0] ?? name
}

/** Whether the records could be decoded is a fact; in which words it is told is not. */
function withoutWords(line: Line): Line {
  return 'recordsError' in line ? { ...line, recordsError: true } : line
}
