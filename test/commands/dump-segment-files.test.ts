import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { goldenText, goldenTree } from '../golden/vectors.ts'
import { ktool } from '../ktool.ts'

type Facts = Record<string, unknown>

const disk = fileURLToPath(new URL('../golden/disk/', import.meta.url))

/** One run of `kafka-dump-log.sh` over one file. */
interface Dump {
  readonly path: string
  readonly entries: Facts[]
  readonly threw: boolean
}

const folders: readonly [expected: string, files: (path: string) => string][] = [
  ['disk/expected/segments', () => 'segments/'],
  ['disk/expected/logdirs', () => 'logdirs/'],
  ['disk/corrupt/damaged-expected', () => 'corrupt/cases/'],
  ['disk/corrupt/base-expected', () => 'corrupt/'],
]

const dumps = folders.flatMap(([expected, root]) =>
  goldenTree(expected)
    .filter((path) => path.includes('indexes-and-snapshots.dump.txt'))
    .flatMap((path) => dumpsIn(goldenText(path), `${disk}${root(path)}`)),
)

/** The plain dumps; the others are about whether an index fits its log. */
function dumpsIn(text: string, root: string): Dump[] {
  return text.split('$ kafka-dump-log.sh ').flatMap((run) => {
    const [, path] = /^--files (\S+)\n/.exec(run) ?? []
    if (path === undefined) return []
    const entries = run.split('\n').filter((line) => /^(offset|timestamp|version|producerId): /.test(line))
    return [
      {
        path: root + path,
        entries: entries.map(factsOf),
        threw: /Exception in thread|CRC is no longer valid/.test(run),
      },
    ]
  })
}

/** `key: value key: value`, with Java's optionals. */
function factsOf(line: string): Facts {
  const pairs = [...line.matchAll(/(\w+): (\S+)/g)].map(([, key = '', value = '']) => [key, javaValue(value)])
  return Object.fromEntries(pairs)
}

function javaValue(text: string): unknown {
  const [, inside] = /^OptionalLong\[(-?\d+)\]$/.exec(text) ?? []
  return text === 'OptionalLong.empty' || text === 'None' ? null : Number(inside ?? text)
}

it('what Kafka dumps of indexes and snapshots is dumped to the same facts', async () => {
  const { stdout, stderr } = await ktool(['dump-segment', ...dumps.map(({ path }) => path), '-o', 'jsonl'])
  const ours = new Map<string, Facts[]>(dumps.map(({ path }) => [path, []]))
  for (const line of stdout.toString().trimEnd().split('\n')) {
    const { kind: _kind, topic: _topic, partition: _partition, file, ...facts } = JSON.parse(line)
    ours.get(file)?.push(facts)
  }
  for (const { path, entries, threw } of dumps) {
    // It throws where the log beside an index cannot be read; the entries up to there are the same.
    const same = threw ? ours.get(path)?.slice(0, entries.length) : ours.get(path)
    expect(same, path).toEqual(entries)
    const isDamagedSnapshot = threw && path.endsWith('.snapshot')
    const failure = `"item":"${path}","code":"corrupt-snapshot"`
    expect(stderr.includes(failure), path).toBe(isDamagedSnapshot)
  }
})

it('compares every index and snapshot that Kafka dumped', () => {
  expect(dumps.length).toBe(679)
})

it('says that --from and --to leave nothing out of a file that is no log', async () => {
  const index = `${disk}segments/txn-v2/txn-v2-0/00000000000000000011.index`
  const { status, stdout, stderr } = await ktool(['dump-segment', index, '--from', '20', '--to', '30'])
  const whole = await ktool(['dump-segment', index])
  expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: whole.stdout.toString() })
  expect(stderr).toBe(`${index} is shown as a whole: --from and --to are for logs\n`)
  expect(whole.stderr).toBe('')
})

it.each(['data0/__cluster_metadata-0/quorum-state', 'data0/.kafka_cleanshutdown'])(
  'says of %s where to read what it says',
  async (name) => {
    const { status, stderr } = await ktool(['dump-segment', `${disk}logdirs/kraft-431/${name}`])
    expect(status).toBe(1)
    expect(stderr).toContain(`${name} is not a file that is dumped`)
    expect(stderr).toContain('ktool segments describe tells what it says')
  },
)
