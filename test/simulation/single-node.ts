import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { offsetFetch } from '../../src/lib/protocol/apis/offset-fetch.ts'
import { type Found, faultsOf } from './check-history.ts'
import { CommitWorker } from './commit-worker.ts'
import { IdempotentWorker } from './idempotent-worker.ts'
import { Journal } from './journal.ts'
import { KeyedWorker } from './keyed-worker.ts'
import { dieOf, startAgain, sufferFrom } from './mishaps.ts'
import { MoveWorker } from './move-worker.ts'
import { type Isolation, type ReadPartition, readPartition } from './read-topic.ts'
import { type Scenario, settingsOf } from './scenarios.ts'
import { ShareWorker } from './share-worker.ts'
import type { SimClient } from './sim-client.ts'
import { SimRandom } from './sim-random.ts'
import { SimWorld } from './sim-world.ts'
import { TopicWorker } from './topic-worker.ts'
import { TransactionWorker } from './transaction-worker.ts'
import type { Worker } from './worker.ts'

export interface Outcome {
  readonly faults: readonly string[]
  /** Of all that happened, in its order. */
  readonly digest: string
  /** What the broker told its operator. */
  readonly log: readonly string[]
  /** Between directories. */
  readonly moved: number
  readonly compacted: number
  readonly topicsMade: number
  readonly accepted: number
  readonly written: number
  readonly committed: number
}

const TOPICS = [
  { name: 'plain', partitions: 2 },
  { name: 'txn', partitions: 2 },
  { name: 'keyed', partitions: 1 },
]

/** What a flush every second may lose: that second, and once more where a kill came between. */
const LOSS_MS = 2400
/** Enough for transactions that nobody ends to be aborted. */
const CALM_MS = 20_000
/** Kafka refuses records that are an hour ahead. */
const JUMP_MS = 1_200_000

/** A broker and its clients, through several deaths of the broker. The same seed brings the same all over. */
export async function runSingleNode(scenario: Scenario, seed: number): Promise<Outcome> {
  const { flush, deaths, dataDirs = ['/data'], trouble, clockJumps = false } = scenario
  const nameOrder = seed % 2 === 0 ? 'one journal' : 'by folder'
  const settings = settingsOf(scenario)
  const world = new SimWorld({ seed, flush, settings, topics: TOPICS, dataDirs, nameOrder })
  const journal = new Journal()
  await world.start()
  const workers = workersOf(world, journal, scenario)
  const running = workers.map((worker) => worker.run())
  const cutsMs: number[] = []
  for (const death of deaths) {
    if (clockJumps) world.clock.jump(world.random.between(-JUMP_MS, JUMP_MS))
    if (trouble !== undefined) await sufferFrom(world, trouble)
    await dieOf(world, death, scenario)
    if (death === 'power') cutsMs.push(world.clock.monotonicMs())
    while (!(await startAgain(world, scenario))) cutsMs.push(world.clock.monotonicMs())
  }
  await world.clock.pass(1000)
  const [sharers, others] = [true, false].map((is) =>
    workers.filter((each) => each instanceof ShareWorker === is),
  )
  for (const worker of others ?? []) worker.finish()
  // What transactions hold up is free then.
  await world.clock.pass(CALM_MS)
  for (const worker of sharers ?? []) worker.finish()
  await world.clock.until(Promise.all(running))
  const found = await world.clock.until(readAll(world))
  const mayBeLost = (doneMs: number) =>
    flush === 'interval' && cutsMs.some((cutMs) => doneMs > cutMs - LOSS_MS)
  const faults = [
    ...faultsOf(journal, found, mayBeLost),
    ...stuck(found, mayBeLost(Number.POSITIVE_INFINITY)),
  ]
  await world.stop()
  const told = (what: string) => world.log.filter((line) => line.includes(what)).length
  return {
    faults: [...new Set(faults)],
    digest: world.digest(),
    log: world.log,
    moved: told('a partition was moved'),
    compacted: told('a log was compacted'),
    topicsMade: journal.topics.size,
    accepted: journal.accepted.size,
    written: journal.values.filter(({ fate }) => fate === 'done').length,
    committed: journal.transactions.filter(({ fate }) => fate === 'done').length,
  }
}

function workersOf(world: SimWorld, journal: Journal, scenario: Scenario): Worker[] {
  const random = () => new SimRandom(world.random.below(2 ** 31))
  const { compacts, changesTopics, sharesRecords } = scenario
  return [
    new IdempotentWorker(world, journal, random()),
    new IdempotentWorker(world, journal, random()),
    new TransactionWorker(world, journal, random(), 'one'),
    new TransactionWorker(world, journal, random(), 'two'),
    new CommitWorker(world, journal, random()),
    ...(world.dataDirs.length > 1 ? [new MoveWorker(world, journal, random())] : []),
    ...(compacts === true ? [new KeyedWorker(world, journal, random())] : []),
    ...(changesTopics === true ? [new TopicWorker(world, journal, random())] : []),
    ...(sharesRecords === true ? [new ShareWorker(world, journal, random(), 'a')] : []),
  ]
}

async function readAll(world: SimWorld): Promise<Found> {
  const client = await world.connect()
  return {
    committed: await readTopics(client, 'committed'),
    uncommitted: await readTopics(client, 'uncommitted'),
    offsets: new Map([['readers', await committedOffset(client)]]),
    topics: await topicsOf(client),
  }
}

async function readTopics(client: SimClient, isolation: Isolation): Promise<Map<string, ReadPartition>> {
  const read = new Map<string, ReadPartition>()
  for (const { name, partitions } of TOPICS) {
    for (let i = 0; i < partitions; i++)
      read.set(`${name}-${i}`, await readPartition(client, name, i, isolation))
  }
  return read
}

async function topicsOf(client: SimClient): Promise<Map<string, number>> {
  const { topics } = await client.ask(metadata, 12, { topics: null })
  return new Map(topics.map(({ name, partitions }) => [name ?? '', partitions.length]))
}

async function committedOffset(client: SimClient): Promise<number> {
  const topics = [{ name: 'plain', partitionIndexes: [0] }]
  const { groups } = await client.ask(offsetFetch, 8, { groups: [{ groupId: 'readers', topics }] })
  return Number(groups[0]?.topics[0]?.partitions[0]?.committedOffset ?? -1n)
}

/** Nothing is open any more, so that readers of committed records get to the end. */
function stuck({ committed }: Found, mayHang: boolean): string[] {
  return [...committed].flatMap(([name, { lastStableOffset, highWatermark }]) =>
    lastStableOffset === highWatermark || mayHang
      ? []
      : [`${name} is stable up to ${lastStableOffset} of ${highWatermark}`],
  )
}
