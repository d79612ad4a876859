import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { java } from './kafka/java.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { KafkaTools } from './kafka/tools.ts'
import {
  byId,
  type GroupAnswer,
  membersOf,
  oneByOne,
  type Row,
  workloadProperties,
} from './state-workload.ts'
import { eventually } from './wire/coordinators.ts'

/** What Kafka's own client was told, in the words that ktool prints. */
interface Answers {
  readonly groups: readonly GroupAnswer[]
  readonly transactions: readonly Row[]
  readonly openTransactions: readonly Row[]
}

let tools: KafkaTools
let kafka: OwnKafka
let bootstrap: string
let answers: Answers

/** Members that stay, transactions in every state, and commits that no log has any more. */
beforeAll(async () => {
  tools = new KafkaTools()
  kafka = await startOwnKafka('live-groups', {
    properties: {
      ...workloadProperties,
      'log.segment.delete.delay.ms': 100,
    },
  })
  bootstrap = `127.0.0.1:${kafka.port}`
  answers = JSON.parse(await java('ClusterStateWorkload', [String(kafka.port)])) as Answers
  await using writer = new LiveWriter(bootstrap)
  await writer.topic('trimmed', 2)
  await writer.write('trimmed', 0, { count: 20 })
  await writer.write('trimmed', 1, { count: 5 })
  await writer.commit('out-of-range', 'trimmed', { 0: 3, 1: 9 })
  await writer.trim('trimmed', 0, 8)
  // With a topic go the commits for it: this one comes from a consumer that has not heard of it.
  await writer.topic('made-anew', 1)
  await writer.remove('made-anew')
  await eventually(() => writer.topic('made-anew', 1))
  await eventually(() => writer.commit('out-of-range', 'made-anew', { 0: 50 }))
  await writer.topic('compacted', 1, {
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': '0.01',
    'segment.ms': '100',
    'min.compaction.lag.ms': '0',
  })
  for (let i = 0; i < 5; i++) await writer.write('compacted', 0, { count: 10 })
  await writer.commit('compacting', 'compacted', { 0: 12 })
}, 120_000)

afterAll(async () => {
  await tools.stop()
  await kafka?.stop()
  kafka?.remove()
})

describe('groups of a live cluster are as Kafka’s own tools say', () => {
  it('with the lag of kafka-consumer-groups, partition by partition', async () => {
    const theirs = await tools.tell('consumer-groups', [
      ...['--bootstrap-server', bootstrap],
      ...['--describe', '--all-groups'],
    ])
    const rows = (await items('lag')).filter(({ group }) => group !== 'share')
    const ours = rows.map(
      ({ group, topic, partition, committed, end, lag, memberId, host, clientId, reason }) => {
        // Kafka's own is less than nothing where the commit is beyond the end.
        const theirLag = String(reason).includes('beyond the end') ? Number(end) - Number(committed) : lag
        return [group, topic, partition, committed, end, theirLag, memberId, host, clientId]
          .map((each) => String(each ?? '-'))
          .join(' ')
      },
    )
    expect(ours.sort()).toEqual(lagLines(theirs))
    expect(ours.length).toBeGreaterThan(18)
  })

  it('with the start offsets and the lag of kafka-share-groups', async () => {
    const theirs = await tools.tell('share-groups', [
      ...['--bootstrap-server', bootstrap],
      ...['--describe', '--all-groups'],
    ])
    const ours = (await items('lag', 'share')).map(({ group, topic, partition, committed, lag }) =>
      [group, topic, partition, committed, lag].map((each) => String(each ?? '-')).join(' '),
    )
    expect(ours.sort()).toEqual(lagLines(theirs))
  })

  it('with what is lost, what is beyond the end, and who holds the last stable offset', async () => {
    const [anew, trimmed, short] = await items('lag', 'out-of-range')
    expect(anew).toMatchObject({ topic: 'made-anew', committed: 50, end: 0, lag: 0, lost: 0 })
    expect(anew?.reason).toContain('or the topic made anew')
    expect(trimmed).toMatchObject({ topic: 'trimmed', committed: 3, logStart: 8, end: 20, lag: 17, lost: 5 })
    expect(short).toMatchObject({ committed: 9, end: 5, lag: 0, reason: expect.stringContaining('4 beyond') })
    const committed = await items('lag', 'classic-left', '--isolation', 'committed')
    const held = committed.find(({ partition }) => partition === 1)
    expect(held).toMatchObject({
      lag: 0,
      reason: `the transaction of "open" holds the last stable offset at ${held?.lastStable}`,
    })
  })

  it('with a time for the first unread record, past markers and gaps', async () => {
    for (const row of await items('lag', '--all', '--time')) {
      if (row.lag === 0) expect(row.timeLagMs, JSON.stringify(row)).toBe(0)
      else if (Number(row.lag) > 2) expect(row.timeLagMs, JSON.stringify(row)).toBeGreaterThan(0)
    }
  })

  it('in their types, states and protocols', async () => {
    const listed = new Map((await items('groups', 'list')).map((row) => [row.group, row]))
    for (const { group, type, protocolType, state } of answers.groups) {
      expect(listed.get(group)).toMatchObject({ type, protocolType, state })
    }
  })

  it('in their members, epochs and commits', async () => {
    const names = answers.groups.map(({ group }) => group)
    const described = new Map((await items('groups', 'describe', ...names)).map((row) => [row.group, row]))
    for (const { group, offsets, members, startOffsets, ...facts } of answers.groups) {
      const ours = described.get(group) ?? {}
      if (startOffsets !== undefined) {
        const starts = (ours.startOffsets as Row[]).map((each) => [
          `${each.topic}-${each.partition}`,
          each.startOffset,
        ])
        expect(Object.fromEntries(starts)).toEqual(startOffsets)
        continue
      }
      const { epoch, targetEpoch, assignor } = facts
      expect(ours, group).toMatchObject({ epoch, targetEpoch, assignor: assignor === '' ? null : assignor })
      expect(sameKeys(ours.offsets as Row[], offsets ?? []), group).toEqual(offsets)
      expect(membersOf(ours.members as Row[]), group).toEqual(byId(members ?? []))
    }
  })

  it('in their coordinators', async () => {
    const said = await tools.tell('consumer-groups', [
      ...['--bootstrap-server', bootstrap],
      ...['--describe', '--all-groups', '--state'],
    ])
    const theirs = [...said.matchAll(/^(\S+) +\S+ +\((\d+)\)/gm)].map(([, group, id]) => [group, Number(id)])
    const names = theirs.map(([group]) => String(group))
    const ours = await items('groups', 'describe', ...names)
    expect(theirs.length).toBeGreaterThan(1)
    expect(ours.map(({ group, coordinator }) => [group, coordinator])).toEqual(theirs)
  })

  it('and one that is not there fails beside the others', async () => {
    const run = await ktool(['lag', 'by-hnd', 'by-hand', '-b', bootstrap, '-o', 'json'])
    const { items, errors } = JSON.parse(run.stdout.toString())
    expect([run.status, items.length]).toEqual([1, 2])
    expect(errors).toMatchObject([{ code: 'group-not-found', hint: expect.stringContaining('"by-hand"') }])
  })
})

describe('offsets of a live cluster are as kafka-get-offsets says', () => {
  it.each([
    ['end', '-1'],
    ['start', '-2'],
    ['max', '-3'],
    ['local', '-4'],
    ['tiered', '-5'],
    ['@2026-01-01', String(Date.UTC(2026, 0, 1))],
    ['@1010', '1010'],
  ])('for %s', async (ours, theirs) => {
    const said = await tools.tell('get-offsets', ['--bootstrap-server', bootstrap, '--time', theirs])
    const wanted = said.split('\n').filter((line) => /^(orders|trimmed|compacted):/.test(line))
    const found = await items('offsets', 'get', 'orders', 'trimmed', 'compacted', '--time', ours)
    const lines = found
      .filter(({ offset }) => offset !== null || ours === 'max')
      .map(({ topic, partition, offset }) => `${topic}:${partition}:${offset ?? -1}`)
    // Where there is none, Kafka's own prints −1, or nothing after the colon, or no line.
    expect(lines.sort()).toEqual(wanted.filter((line) => !/:(-1)?$/.test(line) || ours === 'max').sort())
  })
})

describe('transactions of a live cluster are as Kafka’s own client says', () => {
  it('by coordinator', async () => {
    const said = await tools.tell('transactions', ['--bootstrap-server', bootstrap, 'list'])
    const found = await items('txns', 'list')
    const ours = found.map((row) => [row.transactionalId, row.coordinator, row.producerId, row.state])
    expect(ours.map((row) => row.join()).sort()).toEqual(
      cellsOf(said)
        .map((row) => row.join())
        .sort(),
    )
  })

  it('by transactional id', async () => {
    const found = (await items('txns', 'list')).map((row) => ({
      ...row,
      partitions: oneByOne(row.partitions as string[]),
    }))
    const told = [...answers.transactions].sort((a, b) =>
      String(a.transactionalId) < String(b.transactionalId) ? -1 : 1,
    )
    expect(sameKeys(found, told)).toEqual(told)
  })

  it('by partition', async () => {
    const open = await items('txns', 'hanging')
    expect(sorted(sameKeys(open, answers.openTransactions))).toEqual(sorted(answers.openTransactions))
    expect(open.map(({ verdict, transactionalId }) => [verdict, transactionalId])).toEqual([
      ['open', 'open'],
      ['open', 'open'],
    ])
  })

  it('by producer', async () => {
    const said = await tools.tell('transactions', [
      ...['--bootstrap-server', bootstrap],
      ...['describe-producers', '--topic', 'orders', '--partition', '1'],
    ])
    const theirs = cellsOf(said)
    const found = await items('txns', 'producers', 'orders:1')
    const ours = found.map(
      ({ producerId, producerEpoch, coordinatorEpoch, lastSequence, lastTimestampMs, firstOffset }) =>
        [
          producerId,
          producerEpoch,
          coordinatorEpoch ?? -1,
          lastSequence ?? -1,
          lastTimestampMs,
          firstOffset ?? 'None',
        ].map(String),
    )
    expect(ours.sort()).toEqual(theirs.sort())
  })
})

describe('a transaction of a live cluster', () => {
  it('is aborted where it is open, and readers of committed records get on', async () => {
    await using writer = new LiveWriter(bootstrap)
    await writer.topic('held', 1)
    const producer = await writer.producer('left-behind')
    await writer.begin(producer, 'held', [0])
    await writer.write('held', 0, { count: 3, producer })
    const abort = ['txns', 'abort', 'held:0', '--confirm', 'held:0 0', '-b', bootstrap, '-o', 'json']
    const refused = await ktool(abort)
    expect(JSON.parse(refused.stdout.toString()).errors).toMatchObject([{ code: 'not-hanging' }])
    const run = await ktool([...abort, '--force'])
    expect([run.status, JSON.parse(run.stdout.toString()).items]).toMatchObject([0, [{ status: 'done' }]])
    expect(await items('txns', 'hanging', 'held')).toEqual([])
    expect(await items('offsets', 'get', 'held', '--time', 'committed')).toMatchObject([{ offset: 4 }])
  })
})

async function items(...args: string[]): Promise<Row[]> {
  const run = await ktool([...args, '-b', bootstrap, '-q', '-o', 'json'])
  expect([run.status, run.stderr]).toEqual([0, ''])
  return (JSON.parse(run.stdout.toString()) as { items: Row[] }).items
}

function lagLines(said: string): string[] {
  return said
    .split('\n')
    .filter(
      (line) => line.trim() !== '' && !line.startsWith('GROUP') && !line.includes('has no active members'),
    )
    .map((line) => line.trim().split(/\s+/).join(' '))
    .sort()
}

/** Of each row that which the other's row tells too. */
function sameKeys(ours: readonly Row[], theirs: readonly Row[]): Row[] {
  const keys = Object.keys(theirs[0] ?? {})
  return ours.map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])))
}

function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort()
}

/** The rows of a table that Kafka's tool prints with tabs. */
function cellsOf(said: string): string[][] {
  const rows = said.trim().split('\n').slice(1)
  return rows.map((line) => line.split('\t').flatMap((cell) => cell.trim() || []))
}
