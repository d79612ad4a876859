import type { Node } from '../node.ts'
import type { Partition } from './partition.ts'

/** Where to go instead (KIP-951): without it a client would have to ask for metadata first. */
export function currentLeader({ leaderId, leaderEpoch }: Partition): {
  leaderId: number
  leaderEpoch: number
} {
  return { leaderId, leaderEpoch }
}

/** Of the leaders that an answer names; this node knows its own address only. */
export function nodeEndpoints(
  partitions: readonly Partition[],
  node: Pick<Node, 'id' | 'endpoints'>,
  listenerName: string,
): { nodeId: number; host: string; port: number; rack: null }[] {
  const endpoint = node.endpoints.get(listenerName)
  if (endpoint === undefined || !partitions.some(({ leaderId }) => leaderId === node.id)) return []
  return [{ nodeId: node.id, host: endpoint.host, port: endpoint.port, rack: null }]
}
