import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { listOffsets } from '../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { streamsGroupHeartbeat } from '../../src/lib/protocol/apis/streams-group-heartbeat.ts'
import { openRecords } from '../../src/lib/records/open-records.ts'
import { KafkaTools, type ToolName } from './kafka/tools.ts'
import { type Connection, connected } from './wire/connection.ts'
import { eventually } from './wire/coordinators.ts'
import { batchesIn } from './wire/produce.ts'

/** What a partition holds, by offset; the key is null where nobody compacts by it. */
export type SeenRecords = ReadonlyMap<number, { readonly key: string | null; readonly digest: string }>

/** What a broker hands out of all partitions, those of internal topics and the markers of transactions too. */
export async function recordsAt(port: number): Promise<ReadonlyMap<string, SeenRecords>> {
  return connected(port, async (connection) => {
    const { topics } = await connection.ask(metadata, 12, { topics: null })
    const seen = new Map<string, SeenRecords>()
    for (const { name, topicId, partitions } of topics) {
      for (const { partitionIndex } of partitions) {
        const place = { topic: name ?? '', topicId, partition: partitionIndex }
        seen.set(`${name}-${partitionIndex}`, await partitionAt(connection, place))
      }
    }
    return seen
  })
}

/** All that was there is there as it was, at its offset; of what may be compacted the latest of each key. */
export function expectKept(
  before: ReadonlyMap<string, SeenRecords>,
  after: ReadonlyMap<string, SeenRecords>,
  isCompacted: (partition: string) => boolean,
): void {
  for (const [partition, records] of before) {
    const now = after.get(partition)
    expect(now, partition).toBeDefined()
    const due = isCompacted(partition) ? latestByKey(records, now ?? new Map()) : records
    const found = new Map([...due.keys()].map((offset) => [offset, now?.get(offset)]))
    expect(found, partition).toEqual(due)
  }
}

interface Place {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
}

async function partitionAt(connection: Connection, place: Place): Promise<SeenRecords> {
  const records = new Map<number, { key: string | null; digest: string }>()
  const end = await endOf(connection, place)
  for (let offset = 0; offset < end; ) {
    const { partition, topicId } = place
    const partitions = [{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: 1 << 24 }]
    const answer = await connection.ask(fetch, 16, {
      ...{ maxWaitMs: 1000, minBytes: 1, maxBytes: 1 << 24 },
      topics: [{ topicId, partitions }],
    })
    const told = answer.responses[0]?.partitions[0]
    expect(told?.errorCode, `${place.topic}-${partition} at ${offset}`).toBe(0)
    const batches = batchesIn(told?.records ?? null)
    if (batches.length === 0)
      throw new Error(`${place.topic}-${partition} has nothing at ${offset}, of ${end}`)
    for (const batch of batches) {
      const { codec, producerId, producerEpoch, partitionLeaderEpoch, isControl, isTransactional } = batch
      const cursor = openRecords(batch)
      while (cursor.next()) {
        const headers = cursor
          .headers()
          .map(({ key, value }) => [key.toString('hex'), value?.toString('hex')])
        const facts = [
          codec,
          `${producerId}`,
          producerEpoch,
          partitionLeaderEpoch,
          isControl,
          isTransactional,
        ]
        const said = [
          cursor.key?.toString('hex'),
          cursor.value?.toString('hex'),
          `${cursor.timestamp}`,
          headers,
        ]
        const digest = createHash('sha1')
          .update(JSON.stringify([facts, said]))
          .digest('hex')
        const isForgotten = isControl || cursor.value === null
        const key = isForgotten ? null : (cursor.key?.toString('hex') ?? null)
        records.set(Number(cursor.offset), { key, digest })
      }
      offset = Number(batch.lastOffset) + 1
    }
  }
  return records
}

/** A broker says that it has started before it has heard of all that it leads. */
async function endOf(
  connection: Connection,
  { topic: name, partition: partitionIndex }: Place,
): Promise<number> {
  return eventually(async () => {
    const partitions = [{ partitionIndex, timestamp: -1n }]
    const { topics } = await connection.ask(listOffsets, 9, { replicaId: -1, topics: [{ name, partitions }] })
    const [told] = topics[0]?.partitions ?? []
    expect(told?.errorCode, `${name}-${partitionIndex}`).toBe(0)
    return Number(told?.offset ?? 0)
  })
}

/** Of the keys that nobody has written since. */
function latestByKey(before: SeenRecords, after: SeenRecords): SeenRecords {
  const latest = new Map<string, number>()
  const last = Math.max(-1, ...before.keys())
  for (const [offset, { key }] of before) if (key !== null) latest.set(key, offset)
  const sinceThen = new Set(
    [...after].flatMap(([offset, { key }]) => (offset > last && key !== null ? [key] : [])),
  )
  return new Map(
    [...before].filter(
      ([offset, { key }]) => key !== null && latest.get(key) === offset && !sinceThen.has(key),
    ),
  )
}

type Told = Readonly<Record<string, readonly string[]>>

const classicGroups = ['by-hand', 'partly-deleted', 'classic-left', 'etl'].flatMap((name) => [
  '--group',
  name,
])

/** What Kafka's own tools print of a broker, line by line, without what differs from one moment to the next. */
export class DirectoryStory {
  readonly #tools = new KafkaTools()
  /** Which both brokers answer. */
  readonly questions: ReadonlyMap<string, readonly [ToolName, ...string[]]> = new Map([
    ['topics', ['topics', '--describe']],
    ['features', ['features', 'describe']],
    ...['topics', 'brokers', 'groups', 'client-metrics', 'clients', 'ips'].map(
      (type): [string, readonly [ToolName, ...string[]]] => [
        `configs of ${type}`,
        ['configs', '--describe', '--entity-type', type],
      ],
    ),
    ['offsets of groups', ['consumer-groups', '--describe', '--offsets', ...classicGroups]],
    ['transactions', ['transactions', 'list']],
    ['offsets', ['get-offsets', '--exclude-internal-topics']],
  ])

  async told(port: number): Promise<Told> {
    const at = ['--bootstrap-server', `127.0.0.1:${port}`]
    const told: Record<string, readonly string[]> = {}
    for (const [name, [tool, ...args]] of this.questions) {
      told[name] = linesOf(await this.#tools.tell(tool, [...at, ...args]))
    }
    return told
  }

  /** What only Kafka serves. */
  async toldByKafka(port: number, loginPort: number, login: string): Promise<Told> {
    const at = ['--bootstrap-server', `127.0.0.1:${port}`]
    const loggedIn = ['--bootstrap-server', `127.0.0.1:${loginPort}`, '--command-config', login]
    const tell = async (tool: ToolName, ...args: string[]) => linesOf(await this.#tools.tell(tool, args))
    return {
      acls: await tell('acls', ...at, '--list'),
      users: (await tell('configs', ...at, '--describe', '--entity-type', 'users')).map(
        withMechanismsInOrder,
      ),
      'newer groups': (
        await tell('consumer-groups', ...at, '--describe', '--group', 'modern-live', '--offsets')
      ).map(withoutEnd),
      'share groups': await tell('share-groups', ...at, '--describe', '--all-groups', '--offsets'),
      'streams groups': await tell('streams-groups', ...at, '--list'),
      tokens: await tell('delegation-tokens', ...loggedIn, '--describe'),
    }
  }

  /** The workload lets no client read more than some bytes a second, and a broker that holds back answers nothing. */
  async letReadFast(port: number): Promise<void> {
    const at = ['--bootstrap-server', `127.0.0.1:${port}`, '--alter']
    const client = ['--entity-type', 'clients', '--entity-name', 'ktool-test']
    await this.#tools.tell('configs', [...at, ...client, '--add-config', 'consumer_byte_rate=1000000000'])
  }

  async makeToken(loginPort: number, login: string): Promise<void> {
    const at = ['--bootstrap-server', `127.0.0.1:${loginPort}`, '--command-config', login]
    const token = ['--max-life-time-period', '-1', '--renewer-principal', 'User:dave']
    await this.#tools.tell('delegation-tokens', [...at, '--create', ...token])
  }

  stop(): Promise<void> {
    return this.#tools.stop()
  }
}

/** Of a member that comes and goes, and of an epoch that grows, nothing. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const steady = lines.map((line) =>
    line
      .replace(/\s+Epoch: \d+$/, '')
      .replace(/^(\S+ +\S+ +\d+ +\S+ +\S+ +\S+ +)\S+ +\S+ +\S+$/, '$1')
      .replace(/^GROUP .*CONSUMER-ID.*/, '')
      .replace(/ +/g, ' '),
  )
  return steady.sort()
}

/** A hash map has them in any. */
function withMechanismsInOrder(line: string): string {
  const [, who, mechanisms = ''] = /^(SCRAM .* are )(.*)$/.exec(line) ?? []
  return who === undefined ? line : `${who}${mechanisms.split(', ').sort().join(', ')}`
}

/** What was committed, whatever was written since. */
function withoutEnd(line: string): string {
  return line.split(' ').slice(0, 4).join(' ')
}

/** A group of one member, which leaves by silence. */
export async function startStreamsGroup(port: number): Promise<void> {
  await connected(port, async (connection) => {
    const none = { sourceTopicRegex: [], stateChangelogTopics: [], repartitionSinkTopics: [] }
    const subtopology = { subtopologyId: '0', sourceTopics: ['orders'], ...none }
    const topology = {
      epoch: 1,
      subtopologies: [{ ...subtopology, repartitionSourceTopics: [], copartitionGroups: [] }],
    }
    const answer = await connection.ask(streamsGroupHeartbeat, 0, {
      ...{ groupId: 'word-count', memberId: 'member-1', memberEpoch: 0, endpointInformationEpoch: 0 },
      ...{ rebalanceTimeoutMs: 300_000, topology, activeTasks: [], standbyTasks: [], warmupTasks: [] },
      ...{ processId: 'process-1', clientTags: [] },
    })
    expect(answer).toMatchObject({ errorCode: 0 })
  })
}
