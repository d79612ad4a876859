import { Cluster } from '../client/cluster.ts'
import type { ClientWorld } from '../client/connection/open-connection.ts'
import type { Address } from '../ports/network.ts'

/** A single answer may take half of it. */
const TIMEOUT_MS = 4000

/** The cluster that a broker says it belongs to; nothing where no broker answers soon. */
export async function askClusterId(at: Address, world: ClientWorld): Promise<string | undefined> {
  const way = { bootstrap: [at], clientId: world.software.name, tls: null, sasl: null }
  const cluster = new Cluster({ ...way, timeoutMs: TIMEOUT_MS, context: null }, world)
  try {
    return (await cluster.nodes()).clusterId ?? undefined
  } catch {
    return undefined
  } finally {
    await cluster.close()
  }
}
