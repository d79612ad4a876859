import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { describeLogDirs as describeLogDirsApi } from '../../protocol/apis/describe-log-dirs.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { recordVersionsOf } from '../controller/record-versions.ts'
import type { Node } from '../node.ts'
import type { LogInDirectory } from '../partitions/log-dirs.ts'
import type { Partition } from '../partitions/partition.ts'
import { isAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

type Asked = RequestOf<typeof describeLogDirsApi>['topics']
type Response = ResponseOf<typeof describeLogDirsApi>

/** The directories of this broker, with the partitions that were asked for. */
export const describeLogDirs = handler(describeLogDirsApi, ({ topics }, context): Response => {
  const { node } = context
  if (!isAuthorizedOnCluster(context, 'DESCRIBE')) {
    return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED }
  }
  const inDirectory = new Map<string, Entry[]>(node.logDirs.paths.map((path) => [path, []]))
  for (const partition of chosen(topics, node)) {
    for (const { directory, ...found } of node.logDirs.logsOf(partition)) {
      inDirectory.get(directory)?.push({ partition, ...found })
    }
  }
  const cordoned = isCordonKnown(node) ? node.logDirs.cordoned : []
  const results = [...inDirectory].map(([logDir, entries]) => {
    const isCordoned = cordoned.includes(logDir)
    return { logDir, topics: topicsOf(entries), isCordoned, ...spaceOf(logDir, node) }
  })
  return { results }
})

interface Entry extends LogInDirectory {
  readonly partition: Partition
}

function isCordonKnown({ controller }: Node): boolean {
  return recordVersionsOf(controller.featureLevel('metadata.version')).hasCordonedDirectories
}

function spaceOf(path: string, { ports }: Node) {
  const space = ports.disk.space?.(path)
  if (space === undefined) return {}
  return { totalBytes: BigInt(space.totalBytes), usableBytes: BigInt(space.usableBytes) }
}

/** Null asks for all. What is not here is left out, and what is asked for twice is told once. */
function chosen(topics: Asked, { partitions }: Node): Iterable<Partition> {
  if (topics === null) return partitions.all()
  return new Set(
    topics.flatMap(({ topic, partitions: numbers }) =>
      numbers.flatMap((number) => partitions.get(topic, number) ?? []),
    ),
  )
}

function topicsOf(entries: readonly Entry[]) {
  const byTopic = new Map<string, Entry[]>()
  for (const entry of entries) {
    const others = byTopic.get(entry.partition.topic)
    if (others === undefined) byTopic.set(entry.partition.topic, [entry])
    else others.push(entry)
  }
  return [...byTopic].map(([name, found]) => ({ name, partitions: found.map(partitionOf) }))
}

/** Nothing lags behind a broker that is alone, but for a copy that is being made. */
function partitionOf({ partition, log, isFuture }: Entry) {
  return {
    partitionIndex: partition.partition,
    partitionSize: BigInt(log.sizeBytes),
    offsetLag: isFuture ? BigInt(partition.logEndOffset - log.logEndOffset) : 0n,
    isFutureKey: isFuture,
  }
}
