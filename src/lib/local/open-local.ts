import { join } from 'node:path'
import { type Broker, type BrokerOptions, openBroker } from '../broker/broker.ts'
import type { BrokerPorts } from '../broker/broker-ports.ts'
import { formatAddress } from '../config/listeners.ts'
import { temporaryFolder } from '../config/user-folders.ts'
import { ConnectionError, FailedError } from '../errors.ts'
import { SocketDirectoryLock } from '../network/directory-lock.ts'
import { abstractNames, loopbackPorts } from '../network/lock-places.ts'
import type { DirectoryHolder, DirectoryLock } from '../ports/directory-lock.ts'
import type { Disk } from '../ports/disk.ts'
import type { Control } from './control/open-control.ts'
import { ephemeralFolderName, removeLeftBehind } from './ephemeral-folders.ts'
import type { LocalWish } from './local-wish.ts'
import type { LocalWorld } from './local-world.ts'
import { LISTENER, type LocalSecurity } from './secure/local-security.ts'
import { secureDirectory, writeClientFiles } from './secure/secure-directory.ts'

/** A broker that runs, and whether its directory goes with it. */
export interface LocalBroker {
  readonly broker: Broker
  /** How commands reach it; not where a program has it in its hands. */
  readonly control?: Control
  readonly flush: BrokerOptions['flush']
  readonly isEphemeral: boolean
  /** With what clients come in, where not everybody may. */
  readonly security: LocalSecurity | null
  stop(): Promise<void>
}

export async function openLocal(wish: LocalWish, world: LocalWorld): Promise<LocalBroker> {
  const { ports } = world
  const { settings, nodeId, listeners, flush, asVersion, journal, topics } = wish
  let security: LocalSecurity | null = null
  const furnish = async (directory: string) => {
    const secured = await secureDirectory(directory, ports)
    security = secured.security
    return secured.furnishing
  }
  const isEphemeral = wish.dirs === undefined
  const dirs = wish.dirs ?? { dataDirs: [ephemeralDir(world)] }
  const [dataDir = ''] = dirs.dataDirs
  const clear = () => (isEphemeral ? removeFolder(ports.disk, dataDir) : undefined)
  try {
    const broker = await openBroker({
      ...{ ports, ...dirs, settings, listeners, flush, topics },
      ...(nodeId !== undefined && { nodeId }),
      ...(asVersion && { asVersion }),
      ...(wish.isSecure ? { furnish } : {}),
      ...(journal && { journal }),
      hold: (directory) => lockIn(world).hold(directory, holderIn(world)),
    })
    await tellClients(security, broker, ports.disk)
    const tidied = isEphemeral ? tidyTemporaryFolder(dataDir, world) : Promise.resolve()
    const stop = async () => {
      await tidied
      await broker.stop().finally(clear)
    }
    return { broker, flush, isEphemeral, security, stop }
  } catch (cause) {
    clear()
    throw asRefusal(cause)
  }
}

async function tellClients(security: LocalSecurity | null, broker: Broker, disk: Disk): Promise<void> {
  const endpoint = broker.endpoints.get(LISTENER)
  if (security !== null && endpoint !== undefined)
    await writeClientFiles(security, formatAddress(endpoint), disk)
}

export function lockIn({
  ports,
  platform,
}: Pick<LocalWorld, 'platform'> & { readonly ports: Pick<BrokerPorts, 'disk' | 'clock'> }): DirectoryLock {
  const { disk, clock } = ports
  return new SocketDirectoryLock(disk, clock, platform === 'linux' ? abstractNames : loopbackPorts)
}

function holderIn({ ports, processId }: LocalWorld): DirectoryHolder {
  return { processId, command: 'ktool broker', startedMs: ports.clock.nowMs() }
}

/** While the broker serves already: nobody waits for it. */
function tidyTemporaryFolder(own: string, world: LocalWorld): Promise<void> {
  const { disk, log } = world.ports
  const facts = { disk, log, lock: lockIn(world), self: holderIn(world) }
  return removeLeftBehind(own, facts).catch((cause: unknown) => {
    log.log('warn', 'directories that were left behind stay', { reason: String(cause) })
  })
}

function ephemeralDir({ ports, ...user }: LocalWorld): string {
  return join(temporaryFolder(user), ephemeralFolderName(ports.random))
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
export function asRefusal(cause: unknown): unknown {
  if (!(cause instanceof ConnectionError)) return cause
  const { code, message, details } = cause
  return new FailedError(code, `cannot listen at ${message}`, { cause, details, hint: hints[code] })
}
