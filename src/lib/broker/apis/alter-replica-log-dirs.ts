import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { alterReplicaLogDirs as alterReplicaLogDirsApi } from '../../protocol/apis/alter-replica-log-dirs.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Node } from '../node.ts'
import { isAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

type Request = RequestOf<typeof alterReplicaLogDirsApi>
type Response = ResponseOf<typeof alterReplicaLogDirsApi>

/** A folder that is on its way has a dash, an id and `-future` behind its name, and a file name has 255 characters. */
const LONGEST_TOPIC_AND_PARTITION = 214

/** There is one directory: a partition may be moved to where it is, and nowhere else. */
export const alterReplicaLogDirs = handler(alterReplicaLogDirsApi, (request, context): Response => {
  const { node } = context
  if (!isAuthorizedOnCluster(context, 'ALTER')) return refused(request)
  const results = [...destinations(request)].map(([topicName, pathOf]) => ({
    topicName,
    partitions: [...pathOf].map(([partitionIndex, path]) => ({
      partitionIndex,
      errorCode: errorCodes[outcome(topicName, partitionIndex, path, node)],
    })),
  }))
  return { results }
})

/** Each partition as it was given, however often. */
function refused({ dirs }: Request): Response {
  const errorCode = errorCodes.CLUSTER_AUTHORIZATION_FAILED
  const results = dirs.flatMap(({ topics }) =>
    topics.map(({ name, partitions }) => ({
      topicName: name,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex, errorCode })),
    })),
  )
  return { results }
}

/** Of several folders for one partition, the last counts. */
function destinations({ dirs }: Request): Map<string, Map<number, string>> {
  const byTopic = new Map<string, Map<number, string>>()
  for (const { path, topics } of dirs) {
    for (const { name, partitions } of topics) {
      if (partitions.length === 0) continue
      const pathOf = byTopic.get(name) ?? new Map<number, string>()
      byTopic.set(name, pathOf)
      for (const partition of partitions) pathOf.set(partition, path)
    }
  }
  return byTopic
}

function outcome(topic: string, partition: number, path: string, { dataDir, partitions }: Node) {
  if (topic.length + String(partition).length > LONGEST_TOPIC_AND_PARTITION) return 'INVALID_TOPIC_EXCEPTION'
  if (path !== dataDir) return 'LOG_DIR_NOT_FOUND'
  return partitions.get(topic, partition) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE'
}
