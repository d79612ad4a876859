import { parseAddress } from '../config/listeners.ts'
import type { Clock } from '../ports/clock.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import type { Network } from '../ports/network.ts'
import type { Processes } from '../ports/processes.ts'
import type { Random } from '../ports/random.ts'
import { askClusterId } from './ask-cluster-id.ts'
import { type BackgroundFiles, type BackgroundRecord, readRecord } from './background-record.ts'

/**
 * `silent`: a process of that number lives and nobody answers. It may be the broker, at a loss, or anyone: the
 * system gives the numbers of those that ended to others.
 */
export type BackgroundState = 'running' | 'stopped' | 'silent'

export interface BackgroundStatus {
  readonly state: BackgroundState
  readonly record: BackgroundRecord | undefined
}

export interface BackgroundWorld {
  readonly disk: ReadableDisk
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  /** What the broker is told of who asks it. */
  readonly about: { readonly name: string; readonly version: string }
  readonly processes: Processes
}

export async function backgroundStatus(
  files: BackgroundFiles,
  world: BackgroundWorld,
): Promise<BackgroundStatus> {
  const record = readRecord(world.disk, files)
  if (record === undefined || !world.processes.isAlive(record.pid)) return { state: 'stopped', record }
  const address = parseAddress(reachable(record))
  const clusterId = address && (await askClusterId(address, record.clientConfig ?? null, world))
  return { state: clusterId === record.clusterId ? 'running' : 'silent', record }
}

/** What clients are told need not lead here; every address of the machine leads to none of them. */
export function reachable({ listening, bootstrap }: BackgroundRecord): string {
  return (listening[0] ?? bootstrap).replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:')
}
