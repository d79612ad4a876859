import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, inject, it } from 'vitest'
import { bin, environment, ktool } from '../ktool.ts'
import { randomDraw, seedOfRun } from '../random.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { readByKcat } from '../support/read-by-kcat.ts'
import { java } from './kafka/java.ts'
import { eventually } from './wire/coordinators.ts'

const run = promisify(execFile)
const tools = 'org.apache.kafka.tools'
const bootstrap = `127.0.0.1:${inject('kafka').ports.plain}`
const seed = seedOfRun()
const draw = randomDraw(seed)
const below = (limit: number) => Math.floor(draw() * limit)

console.log(`KTOOL_SEED=${seed}`)

async function topic(
  name: string,
  partitions = 1,
  configs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const fresh = `${name}-${Date.now()}`
  await using writer = new LiveWriter(bootstrap)
  await writer.topic(fresh, partitions, configs)
  return fresh
}

const produce = (name: string, argv: readonly string[], input: string | Uint8Array) =>
  ktool(['produce', name, '-b', bootstrap, ...argv], input)

const byKcat = (name: string, isolation?: string) => readByKcat(bootstrap, name, isolation)

function randomBytes(most: number): Buffer {
  return Buffer.from(Array.from({ length: 1 + below(most) }, () => below(256)))
}

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

describe('records that ktool has written', () => {
  it.each(codecs)('reach kcat byte for byte: %s', async (codec) => {
    const name = await topic(`bytes-${codec}`, 3)
    const wanted = Array.from({ length: 500 }, (_, i) => ({
      partition: i % 3,
      timestamp: 1_700_000_000_000 + below(1_000_000),
      key: below(4) === 0 ? null : randomBytes(20).toString('base64'),
      value: below(9) === 0 ? null : randomBytes(below(20) === 0 ? 20_000 : 200).toString('base64'),
    }))
    const lines = wanted.map(({ key, value, ...place }) =>
      JSON.stringify({ ...place, keyBase64: key, valueBase64: value }),
    )
    const argv = [
      '--input',
      'jsonl',
      '--keep',
      'partition,timestamp',
      '-z',
      codec,
      '-o',
      'jsonl',
      '--batch-size',
      '9000',
    ]
    const { status, stdout, stderr } = await produce(name, argv, lines.join('\n'))
    expect(stderr).toMatch(/^500 records .*written/)
    expect(status).toBe(0)
    const told = stdout
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    const read = await byKcat(name)
    expect(read.map(({ offset: _, ...record }) => record).sort(byPartition)).toEqual(
      [...wanted].sort(byPartition),
    )
    // Where each record lies is as it was told: line by line.
    const offsets = new Map(told.map(({ partition, offset, line }) => [`${partition}:${offset}`, line - 1]))
    for (const { partition, offset, value } of read) {
      expect(wanted[offsets.get(`${partition}:${offset}`) ?? -1]?.value).toBe(value)
    }
  })

  it('reach the Java consumer with keys, headers and nulls', async () => {
    const name = await topic('for-java')
    const argv = ['-K', '\\t', '--null-value', 'NULL', '-H', 'trace=1', '-H', 'empty', '-H', 'trace=2']
    expect((await produce(name, argv, 'k\tv\nk\tNULL\nü\tgrüße\n')).status).toBe(0)
    const printed = await java(`${tools}.consumer.ConsoleConsumer`, [
      ...['--bootstrap-server', bootstrap, '--topic', name, '--from-beginning', '--max-messages', '3'],
      ...['--formatter-property', 'print.key=true', '--formatter-property', 'print.headers=true'],
    ])
    const headers = 'trace:1,empty:null,trace:2'
    expect(printed.split('\n').slice(0, -1)).toEqual([
      `${headers}\tk\tv`,
      `${headers}\tk\tnull`,
      `${headers}\tü\tgrüße`,
    ])
  })
})

describe('numbers', () => {
  it.each([
    ['short', 'Short', '-32768\n7\n', '-32768\n7\n'],
    ['float', 'Float', '0.1\n-1.5\nNaN\n', '0.1\n-1.5\nNaN\n'],
    ['double', 'Double', '3.25\n-Infinity\n0.1\n', '3.25\n-Infinity\n0.1\n'],
  ])(
    'of the format %s are what Java’s %s deserializer reads',
    async (format, deserializer, typed, printed) => {
      const name = await topic(`typed-${format}`)
      expect((await produce(name, ['--value-format', format], typed)).status).toBe(0)
      const read = await java(`${tools}.consumer.ConsoleConsumer`, [
        ...['--bootstrap-server', bootstrap, '--topic', name, '--from-beginning'],
        ...['--max-messages', String(typed.split('\n').length - 1)],
        ...['--value-deserializer', `org.apache.kafka.common.serialization.${deserializer}Deserializer`],
      ])
      expect(read).toBe(printed)
      const ours = await ktool(['consume', name, '-b', bootstrap, '--value', format, '--format', '%v\\n'])
      expect(ours.stdout.toString()).toBe(printed)
    },
  )
})

function byPartition(a: { partition: number }, b: { partition: number }): number {
  return a.partition - b.partition
}

describe('keys go where others put them', () => {
  const keys = Array.from({ length: 300 }, () => randomText(1 + below(40)))
  const lines = `${keys.map((key) => `${key}\t${key}`).join('\n')}\n`
  const placed = async (name: string) =>
    new Map((await byKcat(name)).map(({ key, partition }) => [key, partition]))

  it('murmur2: Java’s producer', async () => {
    const [theirs, ours] = [await topic('by-java', 11), await topic('like-java', 11)]
    const args = ['--bootstrap-server', bootstrap, '--topic', theirs, '--reader-property', 'parse.key=true']
    await java(`${tools}.ConsoleProducer`, args, lines)
    expect((await produce(ours, ['-K', '\\t'], lines)).status).toBe(0)
    expect(await placed(ours)).toEqual(await placed(theirs))
  })

  it('librdkafka: kcat', async () => {
    const [theirs, ours] = [await topic('by-kcat', 11), await topic('like-kcat', 11)]
    const child = run('kcat', ['-P', '-b', bootstrap, '-t', theirs, '-K\t'])
    child.child.stdin?.end(lines)
    await child
    expect((await produce(ours, ['-K', '\\t', '--partitioner', 'librdkafka'], lines)).status).toBe(0)
    expect(await placed(ours)).toEqual(await placed(theirs))
  })
})

function randomText(length: number): string {
  return Array.from({ length }, () => String.fromCodePoint(0x21 + below(0x5d))).join('')
}

describe('a transaction', () => {
  it('is seen as a whole by those who read what is committed, or not at all', async () => {
    const name = await topic('transactions', 3)
    const argv = ['--txn', `whole-${name}`, '-K', ':', '--batch-size', '200']
    const lines = Array.from({ length: 200 }, (_, i) => `k${i}:${i}`)
    expect((await produce(name, argv, lines.join('\n'))).status).toBe(0)
    expect(await byKcat(name, 'read_committed')).toHaveLength(200)
    const broken = await produce(name, argv, [...lines, 'no key'].join('\n'))
    expect(broken.status).toBe(1)
    expect(broken.stderr).toContain('transaction aborted')
    expect(await byKcat(name, 'read_committed')).toHaveLength(200)
    expect((await byKcat(name)).length).toBeGreaterThan(200)
  })

  it('of a producer that was killed does not count, and the next one of its id takes it back', async () => {
    const name = await topic('killed', 1)
    const argv = ['--txn', `killed-${name}`, '--linger', '0ms']
    const child = spawn(process.execPath, [bin, 'produce', name, '-b', bootstrap, ...argv], {
      env: environment,
    })
    child.stdin.write('lost 1\nlost 2\n')
    await eventually(async () => (await byKcat(name)).length === 2)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
    expect(await byKcat(name, 'read_committed')).toEqual([])
    expect((await produce(name, argv, 'kept\n')).status).toBe(0)
    const values = (await byKcat(name, 'read_committed')).map(({ value }) =>
      Buffer.from(value ?? '', 'base64').toString(),
    )
    expect(values).toEqual(['kept'])
  })
})

it('many records are written once each and in their order, through small batches and all codecs', async () => {
  const name = await topic('order', 4)
  const lines = Array.from({ length: 20_000 }, (_, i) => `k${i % 50}:${i}`)
  for (const codec of codecs) {
    expect(
      (await produce(name, ['-K', ':', '-z', codec, '--batch-size', '4000'], lines.join('\n'))).status,
    ).toBe(0)
  }
  const byKey = new Map<string, number[]>()
  for (const { key, value } of await byKcat(name)) {
    const numbers = byKey.get(key ?? '') ?? []
    numbers.push(Number(Buffer.from(value ?? '', 'base64')))
    byKey.set(key ?? '', numbers)
  }
  for (const [key, numbers] of byKey) {
    const own = Number(Buffer.from(key, 'base64').toString().slice(1))
    const once = Array.from({ length: 400 }, (_, i) => own + i * 50)
    expect(numbers).toEqual(codecs.flatMap(() => once))
  }
})

it('a record that is too large, or without a key for a compacted topic, is told by its line', async () => {
  const small = await topic('small', 1, { 'max.message.bytes': '3000' })
  const lines = Array.from({ length: 100 }, (_, i) => (i === 40 ? 'x'.repeat(5000) : `line ${i}`))
  const large = await produce(small, [], lines.join('\n'))
  expect(large.status).toBe(1)
  expect(large.stderr).toContain('line 41: ')
  expect(await byKcat(small)).toHaveLength(99)
  const compacted = await topic('compacted', 1, { 'cleanup.policy': 'compact' })
  const keyless = await produce(
    compacted,
    ['--input', 'jsonl'],
    '{"key":"a","value":"1"}\n{"value":"2"}\n{"key":"b","value":"3"}\n',
  )
  expect(keyless.status).toBe(1)
  expect(keyless.stderr).toContain('line 2: ')
  expect(await byKcat(compacted)).toHaveLength(2)
})
