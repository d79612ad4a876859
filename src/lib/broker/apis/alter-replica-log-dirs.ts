import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { alterReplicaLogDirs as alterReplicaLogDirsApi } from '../../protocol/apis/alter-replica-log-dirs.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { isAuthorizedOnCluster } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof alterReplicaLogDirsApi>
type Response = ResponseOf<typeof alterReplicaLogDirsApi>

export const alterReplicaLogDirs = handler(alterReplicaLogDirsApi, (request, context): Response => {
  if (!isAuthorizedOnCluster(context, 'ALTER')) return refused(request)
  const results = [...destinations(request)].map(([topicName, pathOf]) => ({
    topicName,
    partitions: [...pathOf].map(([partitionIndex, path]) => ({
      partitionIndex,
      errorCode: errorCodes[alter(topicName, partitionIndex, path, context)],
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

function alter(topic: string, partition: number, path: string, { node }: RequestContext): ErrorName {
  try {
    return node.logDirs.alter(topic, partition, path)
  } catch (cause) {
    return storageFailure(cause, `${topic}-${partition}`, node.ports.log).error
  }
}
