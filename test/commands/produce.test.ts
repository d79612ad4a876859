import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Stop } from '../../src/lib/cli/stop.ts'
import { updateFeatures } from '../../src/lib/protocol/apis/update-features.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { changeRoom } from '../support/change-room.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'

let broker: BrokerInProcess
let folder: string

beforeAll(async () => {
  broker = await brokerInProcess()
  folder = mkdtempSync(join(tmpdir(), 'ktool-produce-'))
})

afterAll(async () => {
  await broker[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function topic(
  name: string,
  partitions = 1,
  configs: Readonly<Record<string, string>> = {},
): Promise<string> {
  await using writer = new LiveWriter(broker.bootstrap)
  await writer.topic(name, partitions, configs)
  return name
}

function stdinOf(...chunks: (string | Buffer)[]) {
  return {
    isTerminal: false,
    async *chunks() {
      for (const chunk of chunks) yield Buffer.from(chunk)
    },
  }
}

function produce(
  argv: readonly string[],
  input: string | Buffer = '',
  more: Parameters<typeof runLive>[3] = {},
) {
  return runLive('produce', broker.bootstrap, argv, { stdin: stdinOf(input), ...more })
}

async function consumed(name: string, argv: readonly string[] = []) {
  const { stdout } = await runLive('consume', broker.bootstrap, [name, '-o', 'jsonl', ...argv])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const values = async (name: string, argv?: readonly string[]) =>
  (await consumed(name, argv)).map(({ value }) => value)

it('writes the lines of stdin as values, in their order, and says so on stderr alone', async () => {
  const name = await topic('lines')
  const run = await produce([name], 'one\ntwo\n\nfour')
  expect(run).toMatchObject({ status: 0, stdout: '' })
  expect(run.stderr).toMatch(/^4 records \(\d+B\) written to lines in [^\n]+\n$/)
  expect(await values(name)).toEqual(['one', 'two', '', 'four'])
})

it('writes keys, headers and tombstones', async () => {
  const name = await topic('parts')
  const argv = ['-K', ':', '--null-value', 'NULL', '-H', 'h=1', '-H', 'g', '-H', 'h=']
  expect((await produce([name, ...argv], 'a:1\nb:NULL\n')).status).toBe(0)
  const headers = [
    ['h', '1'],
    ['g', null],
    ['h', ''],
  ]
  expect(await consumed(name)).toMatchObject([
    { key: 'a', value: '1', headers },
    { key: 'b', value: null, headers },
  ])
})

it('prints where each record lies when asked, and what failed by its line', async () => {
  const name = await topic('rows', 3)
  const run = await produce([name, '-K', ':', '--results'], 'ann:10\nnone\nbob:20\n')
  expect(run.status).toBe(1)
  expect(run.stdout).toMatch(/^LINE\tTOPIC\tPARTITION\tOFFSET\tTIMESTAMP\tKEY\n/)
  expect(run.stderr).toContain('line 2: has no key')
  const rows = await produce([name, '-K', ':', '-o', 'jsonl'], 'ann:11\n')
  expect(JSON.parse(rows.stdout)).toMatchObject({ line: 1, topic: name, partition: 2, offset: 1, key: 'ann' })
})

it('brings back what consume printed, to the same partitions and times, byte for byte', async () => {
  const name = await topic('there', 3)
  const back = await topic('and-back', 3)
  const records = [
    '{"key":"k","value":"text","headers":[["b","2"],["a","1"],["b",null]]}',
    '{"key":null,"value":null}',
    '{"keyBase64":"/wA=","valueBase64":"wyg=","headersBase64":[["h","/w=="]]}',
    '{"key":"","value":"","timestamp":1700000000000}',
  ]
  const keep = ['--input', 'jsonl', '--keep', 'partition,timestamp']
  expect((await produce([name, ...keep, '--partitioner', 'round-robin'], records.join('\n'))).status).toBe(0)
  const { stdout } = await runLive('consume', broker.bootstrap, [name, '-o', 'jsonl'])
  const run = await produce([back, ...keep], stdout)
  expect(run.stderr).toContain('4 records')
  const again = await runLive('consume', broker.bootstrap, [back, '-o', 'jsonl'])
  expect(again.stdout).toBe(stdout.replaceAll('"topic":"there"', '"topic":"and-back"'))
})

it('reads files one after the other, and names the file of a line', async () => {
  const name = await topic('files')
  const [csv, wrong] = [join(folder, 'a.csv'), join(folder, 'b.csv')]
  writeFileSync(csv, 'key,value\nk,"a,b"\n')
  writeFileSync(wrong, 'key,value\nk,b\nk\n')
  const run = await produce([name, '--input', 'csv', '-f', csv, '-f', wrong, '-o', 'jsonl'])
  expect(run.status).toBe(1)
  expect(await values(name)).toEqual(['a,b', 'b'])
  expect(run.stdout.split('\n').map((line) => line && JSON.parse(line).file)).toEqual([csv, wrong, ''])
  expect(JSON.parse(run.stderr.split('\n')[0] ?? '')).toMatchObject({
    error: { item: `${wrong} line 3`, code: 'wrong-row' },
  })
})

it('sends a whole file as one value', async () => {
  const name = await topic('whole')
  const file = join(folder, 'whole.bin')
  writeFileSync(file, Buffer.alloc(600_000, 'line\n'))
  expect((await produce([name, '--input', 'raw', '-f', file, '-k', 'it', '-z', 'gzip'])).status).toBe(0)
  expect(await consumed(name)).toMatchObject([{ key: 'it', value: 'line\n'.repeat(120_000) }])
})

it.each(['none', 'gzip:1', 'snappy', 'lz4', 'zstd'])('compresses with %s', async (codec) => {
  const name = await topic(`codec-${codec.replace(':', '-')}`)
  const lines = Array.from({ length: 300 }, (_, i) => `line ${i}`)
  expect((await produce([name, '-z', codec], lines.join('\n'))).status).toBe(0)
  expect(await values(name)).toEqual(lines)
})

it.each(['0', '1', 'all'])('asks for acknowledgement by %s', async (acks) => {
  const name = await topic(`acks-${acks}`, 2)
  const run = await produce([name, '--acks', acks, '-p', '1', '-o', 'jsonl'], 'x\ny\n')
  expect(run.status).toBe(0)
  const offsets = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).offset)
  expect(offsets).toEqual(acks === '0' ? [null, null] : [0, 1])
  expect(await consumed(name)).toMatchObject([
    { partition: 1, value: 'x' },
    { partition: 1, value: 'y' },
  ])
})

it('names the line of a record that is too large, and writes the others in their order', async () => {
  const name = await topic('large', 1, { 'max.message.bytes': '2000' })
  const lines = Array.from({ length: 60 }, (_, i) => (i % 20 === 7 ? 'x'.repeat(3000) : `line ${i}`))
  const run = await produce([name], lines.join('\n'))
  expect(run.status).toBe(1)
  expect(run.stderr.match(/line \d+(?=:)/g)).toEqual(['line 8', 'line 28', 'line 48'])
  expect(await values(name)).toEqual(lines.filter((line) => line.length < 100))
})

it('names the line of a record that a compacted topic does not take, and writes the others', async () => {
  const name = await topic('compacted', 1, { 'cleanup.policy': 'compact' })
  const run = await produce(
    [name, '--input', 'jsonl'],
    '{"key":"a","value":"1"}\n{"value":"2"}\n{"key":"b","value":"3"}\n',
  )
  expect(run.status).toBe(1)
  expect(run.stderr).toContain('line 2: ')
  expect(await values(name)).toEqual(['1', '3'])
})

describe('what cannot be', () => {
  it('is told before anything is read: a topic, a partition, a file that is not there', async () => {
    const name = await topic('refusals', 2)
    const unknown = await produce(['no-such-topic'], 'x\n')
    expect(unknown.status).toBe(1)
    expect(unknown.stderr).toContain('there is no topic "no-such-topic"')
    expect(unknown.stderr).toContain('ktool topics create no-such-topic')
    const partition = await produce([name, '-p', '2'], 'x\n')
    expect(partition).toMatchObject({ status: 1 })
    expect(partition.stderr).toContain('there is no partition 2: the topic has 2')
    expect((await produce([name, '-f', join(folder, 'none')])).status).toBe(2)
    expect(await values(name)).toEqual([])
  })

  it.each([
    [['--keep', 'partition'], '--keep means nothing with --input lines'],
    [['--input', 'jsonl', '-K', ':'], '--key-separator means nothing with --input jsonl'],
    [['--input', 'jsonl', '--keep', 'offset'], 'what can be kept is partition and timestamp'],
    [['-z', 'brotli'], '"brotli" is none of none, gzip'],
    [['-z', 'gzip:12'], 'not 12'],
    [['--txn', 'x', '--acks', '1'], 'a transaction needs all'],
    [['-H', '=v'], 'has no name'],
  ])('is a wrong command line: %j', async (argv, said) => {
    const run = await produce(['any', ...argv], 'x\n')
    expect(run.status).toBe(2)
    expect(run.stderr).toContain(said)
  })
})

it('shows with --dry-run where records would go, and sends nothing', async () => {
  const name = await topic('dry', 3)
  const run = await produce([name, '-K', ':', '--dry-run', '-o', 'jsonl'], 'ann:1\nbob:2\nnone\n')
  expect(run.status).toBe(1)
  const rows = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows).toEqual([
    { file: null, line: 1, topic: name, partition: 2, key: 'ann' },
    { file: null, line: 2, topic: name, partition: 0, key: 'bob' },
  ])
  expect(await values(name)).toEqual([])
  expect((await produce([name, '-K', ':'], 'ann:1\nbob:2\n')).status).toBe(0)
  expect((await consumed(name)).map(({ key, partition }) => [key, partition])).toEqual([
    ['bob', 0],
    ['ann', 2],
  ])
})

describe('a transaction', () => {
  it('counts as a whole', async () => {
    const name = await topic('whole-transaction', 3)
    const run = await produce([name, '--txn', 'whole', '--partitioner', 'round-robin'], 'a\nb\nc\n')
    expect(run.status).toBe(0)
    expect(run.stderr).toContain('transaction committed')
    expect((await values(name, ['--isolation', 'committed'])).sort()).toEqual(['a', 'b', 'c'])
  })

  it('does not count if one line is wrong', async () => {
    const name = await topic('no-transaction')
    const run = await produce([name, '--txn', 'none', '-K', ':'], 'a:1\nb:2\nnone\nc:3\n')
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('transaction aborted')
    expect(await values(name, ['--isolation', 'committed'])).toEqual([])
  })

  it('may follow one of the same id', async () => {
    const name = await topic('same-id')
    for (const value of ['a', 'b'])
      expect((await produce([name, '--txn', 'same'], `${value}\n`)).status).toBe(0)
    expect(await values(name, ['--isolation', 'committed'])).toEqual(['a', 'b'])
  })
})

describe('an interrupt', () => {
  /** Says two lines, and then nothing, until it is interrupted. */
  function endless(stop: Stop) {
    return {
      isTerminal: false,
      async *chunks() {
        yield Buffer.from('a\nb\n')
        stop.request(130)
        await new Promise(() => {})
      },
    }
  }

  it('ends reading; what was read is written', async () => {
    const name = await topic('interrupted')
    const stop = new Stop()
    const run = await produce([name], '', { stop, stdin: endless(stop) })
    expect(run.status).toBe(130)
    expect(run.stderr).toContain('2 records')
    expect(await values(name)).toEqual(['a', 'b'])
  })

  it('takes a transaction back', async () => {
    const name = await topic('interrupted-transaction')
    const stop = new Stop()
    const run = await produce([name, '--txn', 'stopped'], '', { stop, stdin: endless(stop) })
    expect(run.status).toBe(130)
    expect(run.stderr).toContain('transaction aborted')
    expect(await values(name, ['--isolation', 'committed'])).toEqual([])
  })
})

it('keeps to a rate', async () => {
  const name = await topic('paced')
  const startMs = performance.now()
  expect((await produce([name, '--rate', '50'], 'a\n'.repeat(11))).status).toBe(0)
  expect(performance.now() - startMs).toBeGreaterThan(190)
  expect((await values(name)).length).toBe(11)
})

describe('a transaction in a cluster', () => {
  it.each([
    [2, ['InitProducerId 5', 'Produce 12', 'EndTxn 5']],
    [1, ['InitProducerId 5', 'AddPartitionsToTxn 3', 'Produce 11', 'EndTxn 4']],
  ])('of transaction.version %i tells of its partitions as it should', async (level, asked) => {
    await using room = await changeRoom()
    await using writer = new LiveWriter(room.proxy.bootstrap)
    await writer.topic('whole')
    const feature = { feature: 'transaction.version', maxVersionLevel: level, upgradeType: 2 }
    await writer.cluster.ask(updateFeatures, { timeoutMs: 5000, featureUpdates: [feature] })
    room.proxy.forget()
    const run = await room.said('produce', ['whole', '--txn', 'a'], { stdin: stdinOf('1\n2\n') })
    expect(run).toMatchObject({ status: 0 })
    const changing = room.proxy.changing().map(({ api, version }) => `${api} ${version}`)
    expect(changing).toEqual(asked)
    const committed = await room.said('consume', ['whole', '--isolation', 'committed', '-o', 'raw'])
    expect(committed.stdout).toBe('1\n2\n')
  })
})
