import { UsageError } from '../../errors.ts'
import type { Random } from '../../ports/random.ts'
import type { RecordReader } from '../../serde/input/input-record.ts'
import { parseSize } from '../../values/sizes.ts'
import type { Cluster } from '../cluster.ts'
import { Bell } from './bell.ts'
import { parseCompression } from './compression-choice.ts'
import { type DryPart, dryRun } from './dry-run.ts'
import { InputFeed, type InputSource } from './input-feed.ts'
import { InputPlaces } from './input-places.ts'
import { Pace } from './pace.ts'
import { type PartitionerName, partitionerOf } from './partitioners.ts'
import { noSuchPartition } from './place-record.ts'
import { ProduceRun } from './produce-run.ts'
import type { ProduceSettings } from './produce-settings.ts'
import { Producer } from './producer.ts'
import { TopicLeaders } from './topic-leaders.ts'

/** An input, and where its records are to go. */
export interface ProduceOrder {
  readonly settings: ProduceSettings
  readonly sources: readonly InputSource[]
  readonly openReader: () => RecordReader
  readonly partitioner: PartitionerName
  readonly partition: number | null
  readonly perSecond: number | null
  readonly random: Random
}

/** What the flags of a producing command said. */
export interface ProduceFlags {
  readonly partition?: number | undefined
  readonly partitioner: PartitionerName
  readonly acks: 'all' | '1' | '0'
  readonly compression: string
  readonly linger?: number | undefined
  readonly 'batch-size': string
  readonly txn?: string | undefined
  readonly 'txn-timeout'?: number | undefined
  readonly rate?: number | undefined
}

/** Java's own. */
const LINGER_MS = 5
const TRANSACTION_MS = 60_000

export function readProduceOrder(
  topic: string,
  flags: ProduceFlags,
  given: Pick<ProduceOrder, 'sources' | 'openReader' | 'random'> & { readonly deliveryMs: number },
): ProduceOrder {
  const { acks, txn, partitioner, 'txn-timeout': timeoutMs = TRANSACTION_MS } = flags
  if (txn !== undefined && acks !== 'all') {
    throw new UsageError('acks-in-transaction', `--acks ${acks}: a transaction needs all`)
  }
  return {
    settings: {
      topic,
      acks: acks === 'all' ? -1 : acks === '1' ? 1 : 0,
      packing: parseCompression(flags.compression),
      lingerMs: flags.linger ?? LINGER_MS,
      batchSizeBytes: parseSize(flags['batch-size']),
      deliveryMs: given.deliveryMs,
      transaction: txn === undefined ? null : { id: txn, timeoutMs },
    },
    sources: given.sources,
    openReader: given.openReader,
    random: given.random,
    partitioner,
    partition: flags.partition ?? null,
    perSecond: flags.rate ?? null,
  }
}

export async function openProduce(
  cluster: Cluster,
  order: ProduceOrder,
  stopped: AbortSignal,
): Promise<{ readonly run: ProduceRun; readonly places: InputPlaces }> {
  const { settings, perSecond, partition } = order
  const { clock } = cluster.world
  const producer = await Producer.open(cluster, settings)
  if (partition !== null && partition >= producer.spread.count)
    throw noSuchPartition(partition, producer.spread)
  const places = new InputPlaces()
  const run = new ProduceRun({
    producer,
    feed: new InputFeed(order.sources, order.openReader, producer.bell, places),
    places,
    partitioner: partitionerOf(order.partitioner, order.random),
    partition,
    pace: perSecond === null ? null : new Pace(clock, perSecond),
    clock,
    stopped,
    isTransaction: settings.transaction !== null,
  })
  return { run, places }
}

/** Asks for nothing but the topic's partitions. */
export async function openDryRun(
  cluster: Cluster,
  order: ProduceOrder,
): Promise<{ readonly parts: AsyncIterable<DryPart>; readonly places: InputPlaces }> {
  const { settings, partition } = order
  const { spread } = await TopicLeaders.of(cluster, settings.topic)
  if (partition !== null && partition >= spread.count) throw noSuchPartition(partition, spread)
  const bell = new Bell()
  const places = new InputPlaces()
  const feed = new InputFeed(order.sources, order.openReader, bell, places)
  const partitioner = partitionerOf(order.partitioner, order.random)
  const { batchSizeBytes } = settings
  return { parts: dryRun({ bell, feed, places, spread, partitioner, partition, batchSizeBytes }), places }
}
