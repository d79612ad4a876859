import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../conformance/wire/coordinators.ts'
import { environment, ktool } from '../ktool.ts'
import { randomDraw, seedOfRun } from '../random.ts'
import { readByKcat } from '../support/read-by-kcat.ts'
import { readingCommands } from '../support/reading-commands.ts'
import { type OlderKafka, type OlderVersion, olderVersions, startOlderKafka } from './older-kafka.ts'

const seed = seedOfRun()
const draw = randomDraw(seed)
const folder = mkdtempSync(join(tmpdir(), 'ktool-older-kafka-'))
const env = { ...environment, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder }
const moves = join(folder, 'moves.json')
const wanted = join(folder, 'topics.yaml')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** How each reading command is asked, and with what it ends where all is well. */
const reading: Readonly<Record<string, readonly [argv: readonly string[], status?: number]>> = {
  'acls check': [['User:anna', 'read', 'topic:orders'], 0],
  'acls list': [[]],
  'cluster brokers': [[]],
  'cluster describe': [[]],
  'cluster features': [[]],
  'cluster health': [[]],
  'cluster log-dirs': [[]],
  'cluster quorum': [[]],
  'completion refresh': [[join(folder, 'names')]],
  'configs diff': [['topics', 'orders', 'copy'], 3],
  'configs get': [['topics', 'orders', '--all', '--synonyms']],
  consume: [['orders', '--count', '3']],
  'groups describe': [['billing']],
  'groups export': [['billing']],
  'groups list': [['--topic', 'orders']],
  'groups status': [['billing']],
  lag: [['billing', '--time']],
  'leaders imbalance': [[]],
  'offsets get': [['orders', '--time', '@-1h']],
  'quotas list': [[]],
  'reassign plan': [['orders', '--replication-factor', '1']],
  'reassign status': [[]],
  'reassign verify': [[moves]],
  tail: [['orders', '-n', '3']],
  'topics describe': [['--size']],
  'topics diff': [[wanted], 3],
  'topics idle': [['--since', '0s']],
  'topics list': [['--size']],
  'topics size': [[]],
  'topics where': [['key', '--topic', 'orders']],
  'txns describe': [['writer']],
  'txns hanging': [[]],
  'txns list': [[]],
  'txns producers': [['orders']],
  'users list': [[]],
}

const elsewhere = ['context add', 'produce', 'top']

/** What that Kafka does not serve, and the first that does. */
const lacking: Readonly<Record<OlderVersion, Readonly<Record<string, RegExp>>>> = {
  '3.9.1': {},
  '2.3.1': {
    'cluster quorum': /no metadata quorum.*since 3\.3/s,
    'quotas list': lack('DescribeClientQuotas', '2.6'),
    'reassign plan': lack('ListPartitionReassignments', '2.4'),
    'reassign status': lack('ListPartitionReassignments', '2.4'),
    'reassign verify': lack('ListPartitionReassignments', '2.4'),
    'topics idle': lack('version 7 of ListOffsets', '3.0'),
    'txns describe': lack('DescribeTransactions', '3.0'),
    'txns hanging': lack('DescribeProducers', '2.8'),
    'txns list': lack('ListTransactions', '3.0'),
    'txns producers': lack('DescribeProducers', '2.8'),
    'users list': lack('DescribeUserScramCredentials', '2.7'),
  },
}

function lack(api: string, release: string): RegExp {
  return new RegExp(`does not serve ${api}; Kafka ${release.replace('.', '\\.')} and later do\\b`)
}

const groupCommands: Readonly<Record<OlderVersion, string>> = {
  '3.9.1': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  '2.3.1': 'kafka.admin.ConsumerGroupCommand',
}

it('every command that reads is asked', async () => {
  expect([...Object.keys(reading), ...elsewhere].sort()).toEqual(await readingCommands())
})

describe.each(olderVersions)(`Apache Kafka %s, seed ${seed}`, (version) => {
  let kafka: OlderKafka
  const bootstrap = () => `127.0.0.1:${kafka.port}`
  const run = (argv: readonly string[], input = '') => ktool([...argv, '-b', bootstrap()], input, env)
  const isOld = version === '2.3.1'

  beforeAll(async () => {
    kafka = await startOlderKafka(version)
  })
  afterAll(() => kafka?.stop())

  /** It is done, and nothing is left to do. */
  async function changed(argv: readonly string[]): Promise<void> {
    expect(await told([...argv, '--yes'])).toMatchObject({ status: 0, said: ['done'] })
    const again = await told([...argv, '--yes'])
    expect([again.status, again.said.filter((each) => each !== 'unchanged')]).toEqual([0, []])
  }

  async function told(argv: readonly string[]) {
    const { status, stdout, stderr } = await run([...argv, '-o', 'json'])
    const text = stdout.toString()
    const { items = [], errors = [] } = text === '' ? {} : JSON.parse(text)
    const said = [...new Set(items.map((row: { status: string }) => row.status))]
    return { status, said, items, errors, why: stderr + JSON.stringify(errors) }
  }

  async function lacked(argv: readonly string[], why: RegExp): Promise<void> {
    const { status, why: said } = await told([...argv, '--yes'])
    expect([status, said]).toEqual([1, expect.stringMatching(why)])
  }

  it('has topics made, grown and configured, key by key', async () => {
    await changed(['topics', 'create', 'orders', '-p', '3', '-r', '1', '--config', 'segment.bytes=1048576'])
    await changed(['topics', 'create', 'copy', '-p', '1', '-r', '1'])
    await changed(['topics', 'alter', 'orders', '--partitions', '4'])
    await changed(['configs', 'set', 'topics', 'orders', 'retention.ms=3600000'])
    await changed(['configs', 'set', 'topics', 'orders', 'max.message.bytes=2000000'])
    await changed(['configs', 'unset', 'topics', 'orders', 'retention.ms'])
    await changed(['configs', 'set', 'brokers', '1', 'log.cleaner.threads=2'])
    const { items } = await told(['configs', 'get', 'topics', 'orders'])
    expect(items.map(({ name, value }: Record<string, string>) => `${name}=${value}`).sort()).toEqual([
      'max.message.bytes=2000000',
      'segment.bytes=1048576',
    ])
  })

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('carries bytes to kcat: %s', async (codec) => {
    const name = `bytes-${codec}`
    await changed(['topics', 'create', name, '-p', '2', '-r', '1'])
    const records = Array.from({ length: 300 }, (_, i) => ({
      partition: i % 2,
      timestamp: 1_700_000_000_000 + i,
      key: draw() < 0.2 ? null : bytes(16),
      value: draw() < 0.1 ? null : bytes(400),
    }))
    const lines = records.map(({ key, value, ...at }) =>
      JSON.stringify({ ...at, keyBase64: key, valueBase64: value }),
    )
    const argv = ['produce', name, '--input', 'jsonl', '--keep', 'partition,timestamp']
    const sent = await run([...argv, '--compression', codec], lines.join('\n'))
    expect([sent.status, sent.status === 0 ? '' : sent.stderr]).toEqual([0, ''])
    const read = await readByKcat(bootstrap(), name)
    for (const partition of [0, 1]) {
      const mine = records.filter((each) => each.partition === partition)
      const theirs = read.filter((each) => each.partition === partition)
      expect(theirs.map(({ offset: _, ...rest }) => rest)).toEqual(mine)
    }
    const back = await run(['consume', name, '-o', 'jsonl', '--key', 'base64', '--value', 'base64'])
    const rows = back.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(place).sort()).toEqual(read.map(place).sort())
  })

  it('has transactions seen as a whole by kcat', async () => {
    const { status, stderr } = await run(['produce', 'orders', '--txn', 'writer'], 'a\nb\nc\n')
    expect([status, status === 0 ? '' : stderr]).toEqual([0, ''])
    const read = await readByKcat(bootstrap(), 'orders', 'read_committed')
    expect(read.map(({ value }) => Buffer.from(value ?? '', 'base64').toString()).sort()).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('has groups reset, and lag as its own tool tells it', async () => {
    await promisify(execFile)('bash', [
      '-c',
      `for p in 0 1 2 3; do seq 50 | kcat -P -b ${bootstrap()} -t orders -p $p; done`,
    ])
    await changed(['groups', 'reset', 'billing', '--to-offset', '1', '--topic', 'orders'])
    const ours = (await told(['lag', 'billing'])).items.map(
      ({ topic, partition, committed, end, lag }: Record<string, unknown>) =>
        [topic, partition, committed, end, lag].join(' '),
    )
    const text = await kafka.tool(groupCommands[version], [
      ...['--bootstrap-server', bootstrap(), '--describe', '--group', 'billing'],
    ])
    expect(ours.sort()).toEqual(lagLines(text))
    expect(ours).toHaveLength(4)
  })

  it('has members of groups seen, and sent away', async () => {
    const member = spawn('kcat', ['-b', bootstrap(), '-G', 'readers', '-q', 'orders'], { stdio: 'ignore' })
    try {
      const joined = await eventually(async () => {
        const { items } = await told(['groups', 'describe', 'readers'])
        expect(items).toMatchObject([{ state: 'Stable', memberCount: 1 }])
        return items
      })
      expect(joined[0].members[0].assignment).toEqual(['orders:0-3'])
      expect((await told(['groups', 'delete', 'readers', '--yes'])).status).toBe(1)
      expect(await told(['groups', 'kick', 'readers', '--all', '--yes'])).toMatchObject({ said: ['done'] })
    } finally {
      member.kill('SIGKILL')
    }
  })

  it('has ACLs added and taken away', async () => {
    const acl = ['--principal', 'User:anna', '--operation', 'read', '--resource', 'topic:orders']
    await changed(['acls', 'add', ...acl])
    expect((await run(['acls', 'check', 'User:anna', 'write', 'topic:orders'])).status).toBe(3)
  })

  it.each(Object.keys(reading))('answers, or it is said what is missing: %s', async (name) => {
    writeFileSync(wanted, '- topic: orders\n  partitions: 5\n')
    writeFileSync(
      moves,
      JSON.stringify({ version: 1, partitions: [{ topic: 'orders', partition: 0, replicas: [1] }] }),
    )
    const [argv, status = 0] = reading[name] ?? [[]]
    const answer = await run([...name.split(' '), ...argv])
    const text = answer.stdout.toString() + answer.stderr
    const why = lacking[version][name]
    expect([answer.status, text]).toEqual([why === undefined ? status : 1, expect.stringMatching(why ?? /^/)])
  })

  it('has what it cannot tell of configs refused with the version that can', async () => {
    const groups = await run(['configs', 'get', 'groups', 'billing'])
    expect([groups.status, groups.stderr]).toEqual([
      1,
      expect.stringMatching(/does not serve DescribeConfigs of groups; Kafka 4\.0 and later do/),
    ])
    const loggers = await run(['configs', 'get', 'broker-loggers', '1'])
    const hint = isOld
      ? /does not serve DescribeConfigs of the loggers of brokers; Kafka 2\.4 and later do/
      : /^$/
    expect([loggers.status, loggers.stderr]).toEqual([isOld ? 1 : 0, expect.stringMatching(hint)])
  })

  it('has quotas, users, moves and commits changed where it can', async () => {
    const quota = ['quotas', 'set', '--user', 'anna', 'producer_byte_rate=1000']
    const forget = ['groups', 'delete-offsets', 'billing', '--topic', 'orders:0']
    const apply = ['reassign', 'apply', moves]
    if (isOld) {
      await lacked(quota, lack('DescribeClientQuotas', '2.6'))
      await lacked(forget, lack('OffsetDelete', '2.4'))
      await lacked(apply, lack('ListPartitionReassignments', '2.4'))
      await lacked(['txns', 'abort', 'orders:0', '--start-offset', '1'], lack('DescribeProducers', '2.8'))
      return
    }
    await changed(quota)
    expect((await told([...forget, '--yes'])).said).toEqual(['done'])
    expect((await told([...apply, '--yes'])).said).toEqual(['unchanged'])
  })

  it('has leaders elected, records trimmed, groups and topics deleted', async () => {
    const elected = await told(['leaders', 'elect', '--preferred', 'orders', '--yes'])
    expect([elected.status, elected.said]).toEqual([0, ['unchanged']])
    const trimmed = await told([
      'topics',
      'trim',
      'orders:0',
      '--before',
      '1',
      '--yes',
      '--confirm',
      'orders:0',
    ])
    expect([trimmed.status, trimmed.said]).toEqual([0, ['done']])
    const { items } = await told(['offsets', 'get', 'orders', '--time', 'start'])
    expect(items.map(({ offset }: { offset: number }) => offset)).toEqual([1, 0, 0, 0])
    const gone = await told(['groups', 'delete', 'billing', '--yes'])
    expect([gone.status, gone.said]).toEqual([0, ['done']])
    const deleted = await told(['topics', 'delete', 'copy', '--yes', '--confirm', 'copy'])
    expect([deleted.status, deleted.said]).toEqual([0, ['done']])
  })
})

function bytes(atMost: number): string {
  const drawn = Array.from({ length: Math.floor(draw() * atMost) }, () => Math.floor(draw() * 256))
  return Buffer.from(drawn).toString('base64')
}

interface Placed {
  readonly partition: number
  readonly offset: number
  readonly key?: string | null
  readonly value?: string | null
  readonly keyBase64?: string | null
  readonly valueBase64?: string | null
}

function place({
  partition,
  offset,
  key = null,
  value = null,
  keyBase64 = key,
  valueBase64 = value,
}: Placed) {
  return JSON.stringify([partition, offset, keyBase64, valueBase64])
}

/** TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG, wherever the columns stand. */
function lagLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const head = lines.find((line) => line.includes('CURRENT-OFFSET')) ?? []
  const columns = ['TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG']
  return lines
    .slice(lines.indexOf(head) + 1)
    .filter((line) => line.length >= head.length)
    .map((line) => columns.map((name) => line[head.indexOf(name)]).join(' '))
    .sort()
}
