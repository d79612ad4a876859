import { clusterChangers } from '../client/changers/cluster-changers.ts'
import { Cluster } from '../client/cluster.ts'
import { Logins } from '../client/connection/logins.ts'
import { Tokens } from '../client/tokens/tokens.ts'
import { liveClusterState } from '../client/views/cluster-views.ts'
import { liveViews } from '../client/views/live-views.ts'
import { contextsFile, replaceContext } from '../config/contexts.ts'
import { type ClusterFlags, readClusterSettings } from '../config/read-cluster-settings.ts'
import { secretFromStdin } from '../config/security/stdin-secret.ts'
import { KtoolError } from '../errors.ts'
import type { Changers } from '../model/changers.ts'
import type { ClusterStateView } from '../model/cluster-state.ts'
import type { Views } from '../model/views.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { Network } from '../ports/network.ts'
import type { Processes } from '../ports/processes.ts'
import type { Random } from '../ports/random.ts'

/** What of a command's surroundings reaches a cluster. */
export interface ClusterSurroundings {
  readonly disk: Disk
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly world: () => Promise<{
    readonly network: Network
    readonly random: Random
    readonly processes: Processes
  }>
  readonly stdin: { chunks(): AsyncIterable<Uint8Array> }
  readonly stderr: { write(text: string): unknown }
  readonly about: { readonly name: string; readonly version: string }
}

/** A live cluster: what it tells, and what can be changed of it. */
export interface LiveCluster {
  readonly views: Views
  /** What only a cluster that runs can tell of itself. */
  readonly state: ClusterStateView
  readonly changers: Changers
  readonly cluster: Cluster
}

export async function openCluster(
  flags: ClusterFlags,
  surroundings: ClusterSurroundings,
): Promise<LiveCluster> {
  const { disk, clock, environment, platform, world, about, stdin, stderr } = surroundings
  const typedSecret = await secretFromStdin(flags.set ?? [], stdin)
  const settings = readClusterSettings(flags, { disk, environment, platform, ...typedSecret })
  for (const note of settings.notes ?? []) await stderr.write(`note: ${note}\n`)
  const { network, random, processes } = await world()
  const tokens = new Tokens({ network, clock, disk, processes, environment })
  const cluster = new Cluster(settings, {
    network,
    clock,
    software: { name: about.name, version: about.version },
    logins: new Logins(random, (source) => tokens.of(source)),
    pin: (context, clusterId) => pin(disk, contextsFile({ environment, platform }), context, clusterId),
  })
  return {
    views: liveViews(cluster),
    state: liveClusterState(cluster),
    changers: clusterChangers(cluster),
    cluster,
  }
}

/** The first cluster that answers is the one that is meant. Where that cannot be kept, the next one to ask keeps it. */
async function pin(disk: Disk, path: string, name: string, clusterId: string): Promise<void> {
  try {
    await replaceContext(disk, path, name, (context) => ({ ...context, clusterId }))
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
  }
}
