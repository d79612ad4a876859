import type { UserEnvironment } from '../config/user-folders.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { LogLevel } from '../ports/log-sink.ts'
import type { Network } from '../ports/network.ts'
import type { Processes } from '../ports/processes.ts'
import type { Random } from '../ports/random.ts'
import { openControl } from './control/open-control.ts'
import { type Defaults, type LocalFlags, type LocalWish, wishOf } from './local-wish.ts'
import type { LocalWorld } from './local-world.ts'
import { asRefusal, type LocalBroker, openLocal } from './open-local.ts'
import { operatorLog } from './operator-log.ts'

/** What surrounds a command, as far as a broker needs it. */
export interface Around extends UserEnvironment {
  readonly clock: Clock
  readonly disk: Disk
  readonly stderr: { write(text: string): Promise<unknown> }
  readonly world: () => Promise<{
    readonly random: Random
    readonly network: Network
    readonly processes: Pick<Processes, 'ownId'>
  }>
}

interface Talk {
  readonly quiet: boolean
  readonly verbose: boolean
}

/** Starts the broker that the flags describe. What it has to tell its operator goes to stderr. */
export async function startLocal(
  flags: LocalFlags & Talk,
  defaults: Defaults & { readonly logLevel: LogLevel },
  around: Around,
): Promise<LocalBroker> {
  const { clock, disk, stderr, environment, platform } = around
  const wish = wishOf(flags, defaults, around)
  const { random, network, processes } = await around.world()
  const level = flags.quiet ? 'error' : flags.verbose ? 'debug' : defaults.logLevel
  const ports = { clock, disk, random, network, log: operatorLog(stderr, clock, level) }
  const world = { environment, platform, ports, processId: processes.ownId }
  return controlled(await openLocal(wish, world), wish, world)
}

/** Commands find it by its directory, as long as it runs. */
async function controlled(
  local: LocalBroker,
  { control: at }: LocalWish,
  world: LocalWorld,
): Promise<LocalBroker> {
  try {
    const control = await openControl(local.broker, at, world)
    const stop = async () => {
      await control.close()
      await local.stop()
    }
    return { ...local, control, stop }
  } catch (cause) {
    await local.stop()
    throw asRefusal(cause)
  }
}
