import type { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeLogDirs } from '../../protocol/apis/describe-log-dirs.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster, Node } from '../cluster.ts'
import { everyBroker } from '../routing/every-broker.ts'

export type LogDir = AnswerOf<typeof describeLogDirs>['results'][number]
export type WantedPartitions = readonly { readonly topic: string; readonly partitions: readonly number[] }[]

/** Of one broker: its log directories, each with an error code of its own. */
export type BrokerLogDirs = Outcome<readonly LogDir[]> & { readonly node: Node }

/** What lies in the log directories of all brokers, or of some: all copies, or those of these partitions. */
export function askLogDirs(
  cluster: Cluster,
  wanted: WantedPartitions | null,
  ids?: readonly number[],
): Promise<BrokerLogDirs[]> {
  const topics = wanted?.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })) ?? null
  return everyBroker(
    cluster,
    async (connection): Promise<readonly LogDir[]> => {
      const { errorCode, results } = await cluster.askOf(connection, describeLogDirs, { topics })
      const denial = errorCode === 0 ? undefined : brokerError(errorCode)
      if (denial !== undefined) throw denial
      // Before version 3 a broker that may not tell answers with nothing at all; one always has a directory.
      if (results.length === 0) throw brokerError(errorCodes.CLUSTER_AUTHORIZATION_FAILED)
      return results
    },
    ids,
  )
}

/** One copy of a partition, as the broker that has it counts it. */
export interface LiveCopy {
  readonly topic: string
  readonly partition: number
  readonly broker: number
  readonly directory: string
  readonly isFuture: boolean
  readonly sizeBytes: number
}

/** Copies of partitions, and which brokers could not be asked for theirs. */
export interface LiveCopies {
  readonly copies: readonly LiveCopy[]
  readonly silent: ReadonlyMap<number, KtoolError>
}

export function copiesIn(brokers: readonly BrokerLogDirs[]): LiveCopies {
  const silent = new Map<number, KtoolError>()
  const copies: LiveCopy[] = []
  for (const { node, outcome } of brokers) {
    if (outcome instanceof Error) silent.set(node.id, outcome)
    else for (const directory of outcome) copies.push(...copiesOf(node.id, directory))
  }
  return { copies, silent }
}

function copiesOf(broker: number, { logDir, topics }: LogDir): LiveCopy[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, partitionSize, isFutureKey }) => ({
      topic: name,
      partition: partitionIndex,
      broker,
      directory: logDir,
      isFuture: isFutureKey,
      sizeBytes: Number(partitionSize),
    })),
  )
}
