import { offsetFetch } from '../../src/lib/protocol/apis/offset-fetch.ts'
import { type Found, faultsOf } from './check-history.ts'
import { CommitWorker } from './commit-worker.ts'
import { IdempotentWorker } from './idempotent-worker.ts'
import { Journal } from './journal.ts'
import { MoveWorker } from './move-worker.ts'
import { type Isolation, type ReadPartition, readPartition } from './read-topic.ts'
import type { SimClient } from './sim-client.ts'
import { SimRandom } from './sim-random.ts'
import { SimWorld } from './sim-world.ts'
import { TransactionWorker } from './transaction-worker.ts'
import type { Worker } from './worker.ts'

export interface Scenario {
  readonly seed: number
  readonly flush: 'interval' | 'ack'
  /** What the broker dies of. */
  readonly deaths: readonly ('kill' | 'power' | 'stop')[]
  /** Between which partitions move all the time; one, and they stay. */
  readonly dataDirs?: readonly string[]
}

export interface Outcome {
  readonly faults: readonly string[]
  /** Of all that happened, in its order. */
  readonly digest: string
  /** What the broker told its operator. */
  readonly log: readonly string[]
  /** Between directories. */
  readonly moved: number
  readonly written: number
  readonly committed: number
}

const TOPICS = [
  { name: 'plain', partitions: 2 },
  { name: 'txn', partitions: 2 },
]

const settings = new Map([
  ['transaction.state.log.num.partitions', '2'],
  ['offsets.topic.num.partitions', '2'],
  ['transaction.abort.timed.out.transaction.cleanup.interval.ms', '1000'],
  ['log.segment.bytes', '65536'],
])

/** What a flush every second may lose: that second, and once more where a kill came between. */
const LOSS_MS = 2400
/** Enough for transactions that nobody ends to be aborted. */
const CALM_MS = 20_000

/** A broker and its clients, through several deaths of the broker. The same seed brings the same all over. */
export async function runSingleNode({
  seed,
  flush,
  deaths,
  dataDirs = ['/data'],
}: Scenario): Promise<Outcome> {
  const world = new SimWorld({ seed, flush, settings, topics: TOPICS, dataDirs })
  const journal = new Journal()
  await world.start()
  const workers = workersOf(world, journal)
  const running = workers.map((worker) => worker.run())
  const cutsMs: number[] = []
  for (const death of deaths) {
    await world.clock.pass(world.random.between(50, 1800))
    if (death === 'power') cutsMs.push(world.clock.monotonicMs())
    await die(world, death)
    await world.restart()
  }
  await world.clock.pass(1000)
  for (const worker of workers) worker.finish()
  await world.clock.until(Promise.all(running))
  await world.clock.pass(CALM_MS)
  const found = await world.clock.until(readAll(world))
  const mayBeLost = (doneMs: number) =>
    flush === 'interval' && cutsMs.some((cutMs) => doneMs > cutMs - LOSS_MS)
  const faults = [
    ...faultsOf(journal, found, mayBeLost),
    ...stuck(found, mayBeLost(Number.POSITIVE_INFINITY)),
  ]
  await world.stop()
  return {
    faults,
    digest: world.digest(),
    log: world.log,
    moved: world.log.filter((line) => line.includes('a partition was moved')).length,
    written: journal.values.filter(({ fate }) => fate === 'done').length,
    committed: journal.transactions.filter(({ fate }) => fate === 'done').length,
  }
}

function workersOf(world: SimWorld, journal: Journal): Worker[] {
  const random = () => new SimRandom(world.random.below(2 ** 31))
  return [
    new IdempotentWorker(world, journal, random()),
    new IdempotentWorker(world, journal, random()),
    new TransactionWorker(world, journal, random(), 'one'),
    new TransactionWorker(world, journal, random(), 'two'),
    new CommitWorker(world, journal, random()),
    ...(world.dataDirs.length > 1 ? [new MoveWorker(world, journal, random())] : []),
  ]
}

async function die(world: SimWorld, death: 'kill' | 'power' | 'stop'): Promise<void> {
  if (death === 'kill') world.kill()
  else if (death === 'power') world.cutPower()
  else await world.stop()
}

async function readAll(world: SimWorld): Promise<Found> {
  const client = await world.connect()
  return {
    committed: await readTopics(client, 'committed'),
    uncommitted: await readTopics(client, 'uncommitted'),
    offsets: new Map([['readers', await committedOffset(client)]]),
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
