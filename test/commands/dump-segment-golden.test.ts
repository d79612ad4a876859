import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { goldenText, goldenTree } from '../golden/vectors.ts'
import { ktool } from '../ktool.ts'

type Line = Record<string, unknown>

/** A log that was dumped, and what Kafka's own classes say of it. */
interface Log {
  readonly path: string
  readonly kafka: Line[]
  ours: Line[]
}

const disk = fileURLToPath(new URL('../golden/disk/', import.meta.url))

function logsOf(folder: string, reference: string): Log[] {
  return goldenTree(`disk/${reference}`)
    .filter((path) => path.includes('.ndjson'))
    .map((path) => {
      const name = path.slice(`disk/${reference}/`.length).replace(/\.ndjson(\.gz)?$/, '')
      return { path: `${disk}${folder}/${name}`, kafka: linesOf(goldenText(path)), ours: [] }
    })
}

/** An int64 that JSON.parse would round is a string of digits, which is how ktool has it. */
function linesOf(text: string): Line[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line.replace(/(?<=":)-?\d{16,}/g, exact)) as Line)
}

function exact(digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`
}

/** Dumps all of them in one process and gives each its own lines: a batch names its file. */
async function dumped(
  logs: Log[],
  flags: readonly string[],
): Promise<{ logs: Log[]; status: number | null }> {
  const paths = logs.map(({ path }) => path)
  const { stdout, status } = await ktool(['dump-segment', ...paths, '-o', 'jsonl', ...flags])
  const byPath = new Map(logs.map((log) => [log.path, log]))
  let current: Log | undefined
  for (const line of linesOf(stdout.toString())) {
    if ('file' in line) current = byPath.get(String(line.file))
    current?.ours.push(line)
  }
  return { logs, status }
}

const raw = ['--all', '--key', 'base64', '--value', 'base64', '--reveal', '--no-decode']

/** Our line without what the reference output does not have; in which words records failed is not compared. */
function comparable(line: Line): Line {
  const { topic: _topic, partition: _partition, file: _file, ...rest } = line
  if ('recordsError' in rest) rest.recordsError = true
  if (rest.kind !== 'record') return rest
  const { timestampType: _type, headersBase64, ...record } = rest
  return {
    ...record,
    keyBase64: blob(record.keyBase64),
    valueBase64: blob(record.valueBase64),
    headers: (headersBase64 as [string, unknown][]).map(([name, value]) => [name, blob(value)]),
  }
}

/** Long ones are there by their hash. */
function blob(base64: unknown): unknown {
  if (typeof base64 !== 'string') return base64
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length <= 4096) return base64
  return { length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

const healthy = [
  {
    name: 'partitions',
    logs: logsOf('segments', 'expected/segments'),
    status: 0,
    batches: 2830,
    records: 8563,
  },
  {
    name: 'log directories',
    logs: logsOf('logdirs', 'expected/logdirs'),
    status: 0,
    batches: 1274,
    records: 3597,
  },
  {
    name: 'a healthy partition',
    logs: logsOf('corrupt/base', 'corrupt/base-expected'),
    status: 0,
    batches: 24,
    records: 84,
  },
]

describe.each(healthy)('ktool dump-segment --all of $name', ({ logs, status, batches, records }) => {
  it('says what Kafka says, key by key', async () => {
    const dump = await dumped(logs, raw)
    expect(dump.status).toBe(status)
    for (const { path, kafka, ours } of dump.logs) {
      const said = kafka.filter(({ kind }) => kind !== 'error')
      const damage = ours.filter(({ kind }) => kind === 'damage')
      expect(ours.filter(({ kind }) => kind !== 'damage').map(comparable), path).toEqual(said)
      // Kafka's iterator throws at the zeros of a preallocated file, which are no damage.
      expect(damage).toEqual([])
    }
    const kinds = dump.logs.flatMap(({ ours }) => ours.map(({ kind }) => kind))
    expect(kinds.filter((kind) => kind === 'batch').length).toBe(batches)
    expect(kinds.filter((kind) => kind === 'record').length).toBe(records)
  })

  it('says the same of batches alone', async () => {
    const alone = await dumped(
      logs.map((log) => ({ ...log, ours: [] })),
      [],
    )
    for (const { path, kafka, ours } of alone.logs) {
      expect(ours.filter(({ kind }) => kind !== 'damage').map(comparable), path).toEqual(
        kafka.filter(({ kind }) => kind === 'batch'),
      )
    }
  })
})

describe('ktool dump-segment of damaged logs', () => {
  const damaged = logsOf('corrupt/cases', 'corrupt/damaged-expected')
  const bases = logsOf('corrupt/base', 'corrupt/base-expected')
  const base = bases.flatMap(({ kafka }) => kafka)

  /** How many batches of the undamaged copy are gone although what follows them is there: one, the damaged. */
  function lostOf(path: string, sound: readonly Line[]): number {
    // Here each file is whole, under the other's name.
    if (path.includes('swapped-segments')) return 0
    const original = bases.find((log) => log.path === path.replace(/cases\/[^/]+/, 'base'))?.kafka ?? []
    const found = new Set(sound.map(({ crc }) => crc))
    const last = original.findLastIndex(({ crc }) => found.has(crc))
    return original.filter((line, i) => i < last && isSound(line) && !found.has(line.crc)).length
  }

  it('finds every batch that is undamaged, and invents none', async () => {
    const { logs, status } = await dumped(damaged, raw)
    expect(status).toBe(3)
    expect(logs.length).toBe(36)
    for (const { path, kafka, ours } of logs) {
      const sound = ours.filter(isSound).map(comparable)
      const kafkas = kafka.filter(isSound)
      for (const line of kafkas) expect(sound, path).toContainEqual(line)
      const written = new Set([...kafkas, ...base.filter(isSound)].map(({ crc }) => crc))
      expect(
        sound.filter(({ crc }) => !written.has(crc)),
        path,
      ).toEqual([])
      expect(lostOf(path, sound), path).toBeLessThanOrEqual(1)
    }
  })

  it.each(damaged)('says where $path is damaged', ({ kafka, ours }) => {
    const wrong = kafka.filter((line) => line.kind === 'error' || (line.kind === 'batch' && !isSound(line)))
    const places = ours
      .filter((line) => line.kind === 'damage' || (line.kind === 'batch' && !isSound(line)))
      .map(({ position }) => position)
    for (const { kind, position } of wrong) if (kind === 'batch') expect(places).toContain(position)
    if (wrong.length > 0) expect(places.length).toBeGreaterThan(0)
  })
})

function isSound({ kind, valid, recordsError }: Line): boolean {
  return kind === 'batch' && valid === true && recordsError === undefined
}
