import { join } from 'node:path'
import { type Broker, type BrokerOptions, openBroker } from '../broker/broker.ts'
import type { BrokerPorts } from '../broker/broker-ports.ts'
import { temporaryFolder, type UserEnvironment } from '../config/user-folders.ts'
import { ConnectionError, FailedError } from '../errors.ts'
import { SocketDirectoryLock } from '../network/directory-lock.ts'
import { abstractNames, loopbackPorts } from '../network/lock-places.ts'
import type { HeldDirectory } from '../ports/directory-lock.ts'
import type { Disk } from '../ports/disk.ts'
import type { LocalWish } from './local-wish.ts'

export interface LocalWorld extends UserEnvironment {
  readonly ports: BrokerPorts
  /** Of this program. */
  readonly processId: number
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
    const broker = await openBroker({
      ...{ ports, dataDir, settings, listeners, flush, topics },
      hold: (directory) => holdDirectory(directory, world),
    })
    const stop = () => broker.stop().finally(clear)
    return { broker, flush, isEphemeral, notes, stop }
  } catch (cause) {
    clear()
    throw asRefusal(cause)
  }
}

function holdDirectory(
  directory: string,
  { ports, platform, processId }: LocalWorld,
): Promise<HeldDirectory> {
  const { disk, clock } = ports
  const lock = new SocketDirectoryLock(disk, clock, platform === 'linux' ? abstractNames : loopbackPorts)
  return lock.hold(directory, { processId, command: 'ktool broker', startedMs: clock.nowMs() })
}

/** Who runs it finds it by its name, should it ever be left behind. */
function ephemeralDir({ ports, ...user }: LocalWorld): string {
  return join(temporaryFolder(user), `ktool-broker-${ports.random.bytes(8).toString('hex')}`)
}

function removeFolder(disk: Disk, path: string): void {
  if (disk.stat(path) !== undefined) disk.remove(path)
}

const hints: Readonly<Record<string, string>> = {
  'address-in-use': 'another program listens there: --port 0 takes a free port, another --port that one',
  'address-not-permitted': 'ports below 1024 are for the administrator: choose another one',
  'address-not-available': 'listen at an address that this machine has',
}

/** To the network it is a connection that fails; here nobody was asked for an answer. */
function asRefusal(cause: unknown): unknown {
  if (!(cause instanceof ConnectionError)) return cause
  const { code, message, details } = cause
  return new FailedError(code, `cannot listen at ${message}`, { cause, details, hint: hints[code] })
}
