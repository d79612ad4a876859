import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { describeLogDirs as describeLogDirsApi } from '../../protocol/apis/describe-log-dirs.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Node } from '../node.ts'
import type { Partition } from '../partitions/partition.ts'
import { isAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

type Asked = RequestOf<typeof describeLogDirsApi>['topics']
type Response = ResponseOf<typeof describeLogDirsApi>

/** The one directory of this broker, with the partitions that were asked for. */
export const describeLogDirs = handler(describeLogDirsApi, ({ topics }, context): Response => {
  const { node } = context
  if (!isAuthorizedOnCluster(context, 'DESCRIBE')) {
    return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED }
  }
  const { dataDir, ports } = node
  const space = ports.disk.space?.(dataDir)
  return {
    results: [
      {
        logDir: dataDir,
        topics: topicsOf(chosen(topics, node)),
        ...(space === undefined
          ? {}
          : { totalBytes: BigInt(space.totalBytes), usableBytes: BigInt(space.usableBytes) }),
      },
    ],
  }
})

/** Null asks for all. What is not here is left out, and what is asked for twice is told once. */
function chosen(topics: Asked, { partitions }: Node): Iterable<Partition> {
  if (topics === null) return partitions.all()
  return new Set(
    topics.flatMap(({ topic, partitions: numbers }) =>
      numbers.flatMap((number) => partitions.get(topic, number) ?? []),
    ),
  )
}

function topicsOf(partitions: Iterable<Partition>) {
  const byTopic = new Map<string, Partition[]>()
  for (const partition of partitions) {
    const others = byTopic.get(partition.topic)
    if (others === undefined) byTopic.set(partition.topic, [partition])
    else others.push(partition)
  }
  return [...byTopic].map(([name, found]) => ({ name, partitions: found.map(partitionOf) }))
}

/** Nothing lags behind a broker that is alone. */
function partitionOf({ partition, log }: Partition) {
  return {
    partitionIndex: partition,
    partitionSize: BigInt(log.sizeBytes),
    offsetLag: 0n,
    isFutureKey: false,
  }
}
