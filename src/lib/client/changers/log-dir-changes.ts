import { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { LogDirTarget } from '../../model/reassignments.ts'
import { alterReplicaLogDirs } from '../../protocol/apis/alter-replica-log-dirs.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'

/** Each broker is asked for its own disks, all of them side by side; one that does not answer fails for its replicas. */
export async function placeInLogDirs(
  cluster: Cluster,
  targets: readonly LogDirTarget[],
): Promise<Outcome<null>[]> {
  const brokers = [...new Set(targets.map(({ broker }) => broker))]
  const told = new Map<LogDirTarget, KtoolError | null>()
  await Promise.all(
    brokers.map(async (broker) => {
      const own = targets.filter((target) => target.broker === broker)
      for (const [i, outcome] of (await placeOn(cluster, broker, own)).entries()) {
        const target = own[i]
        if (target !== undefined) told.set(target, outcome)
      }
    }),
  )
  return targets.map((target) => ({ item: partitionName(target), outcome: told.get(target) ?? null }))
}

async function placeOn(
  cluster: Cluster,
  broker: number,
  targets: readonly LogDirTarget[],
): Promise<(KtoolError | null)[]> {
  try {
    const connection = await cluster.broker(broker)
    const { results } = await cluster.askOf(connection, alterReplicaLogDirs, { dirs: dirsOf(targets) })
    const codes = new Map(
      results.flatMap(({ topicName, partitions }) =>
        partitions.map(({ partitionIndex, errorCode }) => [
          partitionName({ topic: topicName, partition: partitionIndex }),
          errorCode,
        ]),
      ),
    )
    return targets.map((target) => {
      const code = codes.get(partitionName(target)) ?? 0
      return code === 0 ? null : brokerError(code)
    })
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return targets.map(() => error)
  }
}

function dirsOf(targets: readonly LogDirTarget[]) {
  const paths = [...new Set(targets.map(({ logDir }) => logDir))]
  return paths.map((path) => ({
    path,
    topics: [...groupedByTopic(targets.filter(({ logDir }) => logDir === path))].map(([name, own]) => ({
      name,
      partitions: own.map(({ partition }) => partition),
    })),
  }))
}
