import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inKafkasWords, readWords, type Said } from '../golden/decoded-dump.ts'
import { ktool } from '../ktool.ts'
import { type DumpLine, kafkaRecordFacts } from './kafka/dump-lines.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import {
  byId,
  type GroupAnswer,
  membersOf,
  oneByOne,
  type Row,
  workloadProperties,
} from './state-workload.ts'

/** What the broker said before its stop, in the words that ktool prints. */
interface Answers {
  readonly cluster: {
    readonly clusterId: string
    readonly features: Row
    readonly node: number
    readonly address: string
  }
  readonly topics: readonly (Row & { readonly topic: string; readonly partitions: readonly Row[] })[]
  readonly sizes: Readonly<Record<string, number>>
  readonly offsets: Readonly<Record<'start' | 'end' | 'max', Record<string, number>>>
  readonly configs: Readonly<Record<string, Record<string, Record<string, string>>>>
  readonly groups: readonly Group[]
  readonly transactions: readonly Row[]
  readonly openTransactions: readonly Row[]
  readonly acls: readonly Row[]
  readonly quotas: readonly Row[]
  readonly users: readonly Row[]
}

interface Group extends GroupAnswer {
  readonly stableOffsets?: readonly Row[]
}

const ownTopics = ['orders', 'payments', 'clicks']
let kafka: OwnKafka
let answers: Answers

beforeAll(async () => {
  kafka = await startOwnKafka('cluster-state', {
    properties: {
      ...workloadProperties,
      // Snapshots, and segments behind them.
      'metadata.log.max.record.bytes.between.snapshots': 3000,
      'internal.metadata.log.segment.bytes': 4000,
    },
  })
  try {
    answers = JSON.parse(await java('ClusterStateWorkload', [String(kafka.port)])) as Answers
  } finally {
    await kafka.stop()
  }
}, 120_000)

afterAll(() => kafka?.remove())

describe('what the disk of a stopped broker tells is what the broker told', () => {
  it('of the cluster', async () => {
    const { clusterId, features, node, address } = answers.cluster
    const { stdout } = await onDisk('cluster', 'describe')
    const found = JSON.parse(stdout.toString()) as Row
    expect(found).toMatchObject({ clusterId, features, controller: node })
    expect(found.nodes).toMatchObject([{ id: node }])
    expect(JSON.stringify(found.nodes)).toContain(`PLAINTEXT://${address}`)
  })

  it('of topics and their partitions', async () => {
    const listed = await items('topics', 'list')
    const told = answers.topics.map(({ partitions, ...topic }) => ({
      ...topic,
      partitions: partitions.length,
    }))
    expect(sameKeys(listed, told)).toEqual(told)

    const described = await items('topics', 'describe')
    const partitions = answers.topics.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, ...partition })),
    )
    expect(sameKeys(described, partitions)).toEqual(partitions)
    expect(byPartition(described, 'sizeBytes')).toEqual(answers.sizes)
  })

  it.each(['start', 'end', 'max'] as const)('of the offsets of partitions: %s', async (which) => {
    const found = await items('offsets', 'get', ...ownTopics, '--time', which)
    expect(byPartition(found, 'offset')).toEqual(answers.offsets[which])
  })

  it.each(['topics', 'brokers', 'groups', 'client-metrics'])('of the configs of %s', async (type) => {
    const found: Record<string, Record<string, unknown>> = {}
    for (const { resource, name, value } of await items('configs', 'get', type))
      found[String(resource)] = { ...found[String(resource)], [String(name)]: value }
    expect(found).toEqual(answers.configs[type])
  })

  it('of groups: which there are, their members, what they committed', async () => {
    const names = answers.groups.map(({ group }) => group)
    expect((await items('groups', 'list')).map(({ group }) => group).sort()).toEqual([...names].sort())
    const described = new Map((await items('groups', 'describe', ...names)).map((item) => [item.group, item]))
    for (const { offsets, stableOffsets, members, startOffsets, ...group } of answers.groups) {
      const ours = described.get(group.group) ?? {}
      const facts = { ...group, assignor: group.assignor === '' ? null : (group.assignor ?? null) }
      expect(ours, group.group).toMatchObject('assignor' in group ? facts : group)
      if (startOffsets !== undefined) expect(startsOf(ours), group.group).toEqual(startOffsets)
      else {
        const commits = ours.offsets as Row[]
        expect(sameKeys(commits, offsets ?? []), group.group).toEqual(offsets)
        const stable = commits.filter(({ isPending }) => isPending !== true)
        expect(sameKeys(stable, stableOffsets ?? []), group.group).toEqual(stableOffsets)
        expect(membersOf(ours.members as Row[]), group.group).toEqual(byId(members ?? []))
      }
    }
  })

  it('of transactions, and of those that partitions have open', async () => {
    const found = (await items('txns', 'list')).map((row) => ({
      ...row,
      partitions: oneByOne(row.partitions as string[]),
    }))
    const told = [...answers.transactions].sort((a, b) =>
      String(a.transactionalId) < String(b.transactionalId) ? -1 : 1,
    )
    expect(sameKeys(found, told)).toEqual(told)

    const open = await items('txns', 'hanging')
    expect(sorted(sameKeys(open, answers.openTransactions))).toEqual(sorted(answers.openTransactions))
    expect(open.filter(({ topic }) => topic === 'orders')).toMatchObject([
      { transactionalId: 'open', verdict: 'open' },
    ])
  })

  it.each(['acls', 'quotas', 'users'] as const)('of %s', async (noun) => {
    expect(sorted(await items(noun, 'list'))).toEqual(sorted(answers[noun]))
  })
})

describe('Kafka’s own topics say what kafka-dump-log says', () => {
  it('has metadata in snapshots and in several segments', () => {
    const names = filesOf('__cluster_metadata').map((file) => basename(file))
    expect(names.filter((name) => /^0*[1-9]\d*-.*\.checkpoint$/.test(name)).length).toBeGreaterThan(0)
    expect(names.filter((name) => name.endsWith('.log')).length).toBeGreaterThan(1)
  })

  it.each([
    ['__consumer_offsets', '--offsets-decoder'],
    ['__transaction_state', '--transaction-log-decoder'],
    ['__share_group_state', '--share-group-state-decoder'],
    ['__cluster_metadata', '--cluster-metadata-decoder'],
  ])('record by record: %s', async (topic, decoder) => {
    const files = filesOf(topic)
    const theirs = recordLines(
      await java('org.apache.kafka.tools.DumpLogSegments', [decoder, '--files', files.join(',')]),
    )
    const flags = ['--records', '--reveal', '--key', 'base64', '--value', 'base64', '-q', '-o', 'jsonl']
    const run = await ktool(['dump-segment', ...flags, ...files])
    expect([run.status, run.stderr]).toEqual([0, ''])
    const ours = run.stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as DumpLine)
    expect(ours.map(kafkaRecordFacts)).toEqual(theirs.map(({ facts }) => facts))
    expect(ours.map((line, i) => asSaid(line, theirs[i]?.said ?? {}))).toEqual(theirs.map(({ said }) => said))
    expect(ours.length).toBeGreaterThan(3)
  })
})

async function onDisk(...args: string[]) {
  const run = await ktool([...args, '--log-dir', kafka.logDir, '-q', '-o', 'json'])
  expect([run.status, run.stderr]).toEqual([0, ''])
  return run
}

async function items(...args: string[]): Promise<Row[]> {
  const { stdout } = await onDisk(...args)
  return (JSON.parse(stdout.toString()) as { items: Row[] }).items
}

/** Of the tests' own topics: a coordinator may write to its own until it is stopped. */
function byPartition(rows: readonly Row[], key: string): Record<string, unknown> {
  const own = rows.filter(({ topic }) => ownTopics.includes(String(topic)))
  return Object.fromEntries(own.map((row) => [`${row.topic}-${row.partition}`, row[key] ?? -1]))
}

/** Of each row that which the broker's row tells too. */
function sameKeys(ours: readonly Row[], theirs: readonly Row[]): Row[] {
  const keys = Object.keys(theirs[0] ?? {})
  return ours.map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])))
}

function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort()
}

function startsOf({ startOffsets }: Row): Record<string, unknown> {
  const rows = (startOffsets as Row[]).map(({ topic, partition, startOffset }) => [
    `${topic}-${partition}`,
    startOffset,
  ])
  return Object.fromEntries(rows)
}

function filesOf(topic: string): string[] {
  return readdirSync(kafka.logDir)
    .filter((name) => name.startsWith(`${topic}-`))
    .sort()
    .flatMap((name) =>
      readdirSync(join(kafka.logDir, name))
        .filter((file) => /\.(log|checkpoint)$/.test(file))
        .sort()
        .map((file) => join(kafka.logDir, name, file)),
    )
}

function recordLines(dump: string): { facts: string; said: Said }[] {
  return dump.split('\n').flatMap((line) => {
    const [, facts, text] = /^(\| offset: .*?headerKeys: \[\]) ?(.*)$/.exec(line) ?? []
    return facts === undefined || text === undefined ? [] : [{ facts, said: withoutTypeId(readWords(text)) }]
  })
}

/** A key says no more than ktool's name of the record does. */
function withoutTypeId({ typeId: _, ...said }: Said): Said {
  return said
}

function asSaid({ controlType, coordinatorEpoch, decoded }: DumpLine, said: Said): Said {
  const marker = { type: String(controlType), value: { coordinatorEpoch } }
  const record = inKafkasWords((decoded ?? marker) as { type: string | null })
  return Object.fromEntries(Object.keys(said).map((key) => [key, record[key as keyof typeof record]]))
}
