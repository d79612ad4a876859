import { configsOf } from '../../log/cluster/metadata-image.ts'
import type { MetadataState } from '../../log/cluster/metadata-state.ts'
import { featureLevelRecord } from '../../protocol/records/cluster-metadata-records.ts'
import { ELIGIBLE_LEADERS } from './features.ts'
import { configChanges } from './topic-records.ts'

const LEAST = 'min.insync.replicas'

/**
 * New levels by name; 0 takes a feature away. With lists of eligible leaders the minimum in sync is the cluster's,
 * and no broker has one of its own (KIP-966): Kafka says that in front of them.
 */
export function featureChanges(
  levels: ReadonlyMap<string, number>,
  state: MetadataState,
  { nodeId, minInsyncReplicas }: { nodeId: number; minInsyncReplicas: number },
): Buffer[] {
  const records = [...levels].map(([name, featureLevel]) =>
    featureLevelRecord.encodeFramed({ name, featureLevel }, 0),
  )
  if ((levels.get(ELIGIBLE_LEADERS) ?? 0) === 0) return records
  const isFirst = !configsOf(state, 'broker', '').has(LEAST)
  const ofNode = configsOf(state, 'broker', String(nodeId)).has(LEAST)
  return [
    ...(isFirst ? configChanges('broker', '', new Map([[LEAST, String(minInsyncReplicas)]])) : []),
    ...(ofNode ? configChanges('broker', String(nodeId), new Map([[LEAST, null]])) : []),
    ...records,
  ]
}
