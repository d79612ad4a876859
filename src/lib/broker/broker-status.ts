import type { Node } from './node.ts'
import type { Client } from './server/client.ts'
import type { Server } from './server/server.ts'
import type { TrafficRates } from './server/traffic.ts'

/** What a broker is at, for people who look at it. */
export interface BrokerStatus {
  readonly topics: number
  readonly partitions: number
  readonly groups: number
  /** How many groups are in a state, by its name. */
  readonly groupStates: Readonly<Record<string, number>>
  readonly connections: number
  /** Of these, the oldest first and no more than a screen can hold. */
  readonly clients: readonly Client[]
  readonly rates: TrafficRates
  readonly requests: Readonly<Record<string, number>>
}

const MOST_CLIENTS = 500

export function brokerStatus(node: Node, server: Server): BrokerStatus {
  const topics = node.controller.topics()
  const states = groupStates(node)
  const { clients, traffic } = server
  return {
    topics: topics.length,
    partitions: topics.reduce((sum, { partitions }) => sum + partitions.size, 0),
    groups: Object.values(states).reduce((sum, count) => sum + count, 0),
    groupStates: states,
    connections: clients.length,
    clients: clients.slice(0, MOST_CLIENTS),
    rates: traffic.rates(node.ports.clock.monotonicMs()),
    requests: Object.fromEntries(traffic.requestsByApi),
  }
}

function groupStates({ groups }: Node): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { state } of groups.list()) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
