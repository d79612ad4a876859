import { Cluster } from '../client/cluster.ts'
import { Logins } from '../client/connection/logins.ts'
import { formatAddress } from '../config/listeners.ts'
import { readClusterSettings } from '../config/read-cluster-settings.ts'
import { FailedError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import type { Address, Network } from '../ports/network.ts'
import type { Random } from '../ports/random.ts'

interface World {
  readonly disk: ReadableDisk
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  readonly about: { readonly name: string; readonly version: string }
}

/** A single answer may take half of it. */
const TIMEOUT_MS = 4000

/** The cluster that a broker says it belongs to; nothing where no broker answers soon. */
export async function askClusterId(
  at: Address,
  clientConfig: string | null,
  world: World,
): Promise<string | undefined> {
  try {
    return await answerOf(at, clientConfig, world)
  } catch {
    return undefined
  }
}

async function answerOf(at: Address, clientConfig: string | null, world: World): Promise<string | undefined> {
  const flags = { bootstrap: formatAddress(at), timeout: TIMEOUT_MS }
  const config = clientConfig === null ? {} : { 'command-config': clientConfig }
  // Neither the environment nor a context has a word in this.
  const settings = readClusterSettings({ ...flags, ...config }, { ...world, environment: {}, platform: '' })
  const noTokens = () => Promise.reject(new FailedError('no-token', 'a local broker is shown no token'))
  const logins = new Logins(world.random, noTokens)
  const cluster = new Cluster(settings, { ...world, software: world.about, logins })
  try {
    return (await cluster.nodes()).clusterId ?? undefined
  } finally {
    await cluster.close()
  }
}
