import { join } from 'node:path'
import { type Broker, type BrokerOptions, openBroker } from '../broker/broker.ts'
import type { BrokerPorts } from '../broker/broker-ports.ts'
import { temporaryFolder, type UserEnvironment } from '../config/user-folders.ts'
import type { Disk } from '../ports/disk.ts'
import type { LocalWish } from './local-wish.ts'

export interface LocalWorld extends UserEnvironment {
  readonly ports: BrokerPorts
}

/** A broker that runs, and whether its directory goes with it. */
export interface LocalBroker {
  readonly broker: Broker
  readonly flush: BrokerOptions['flush']
  readonly isEphemeral: boolean
  readonly notes: readonly string[]
  stop(): Promise<void>
}

export async function openLocal(wish: LocalWish, world: LocalWorld): Promise<LocalBroker> {
  const { ports } = world
  const { settings, listeners, flush, topics, notes } = wish
  const isEphemeral = wish.dataDir === undefined
  const dataDir = wish.dataDir ?? ephemeralDir(world)
  const clear = () => (isEphemeral ? removeFolder(ports.disk, dataDir) : undefined)
  try {
    const broker = await openBroker({ ports, dataDir, settings, listeners, flush, topics })
    const stop = () => broker.stop().finally(clear)
    return { broker, flush, isEphemeral, notes, stop }
  } catch (cause) {
    clear()
    throw cause
  }
}

/** Who runs it finds it by its name, should it ever be left behind. */
function ephemeralDir({ ports, ...user }: LocalWorld): string {
  return join(temporaryFolder(user), `ktool-broker-${ports.random.bytes(8).toString('hex')}`)
}

function removeFolder(disk: Disk, path: string): void {
  if (disk.stat(path) !== undefined) disk.remove(path)
}
