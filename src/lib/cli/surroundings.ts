import type { Outlet } from '../output/outlet.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { Network } from '../ports/network.ts'
import type { Processes } from '../ports/processes.ts'
import type { Random } from '../ports/random.ts'
import type { Threads } from '../ports/threads.ts'
import type { Manifest } from './manifest.ts'
import type { About } from './oclif-config.ts'
import type { Stop } from './stop.ts'

/** All that a command meets of the world outside its arguments. Tests make their own. */
export interface Surroundings {
  readonly stdin: Inlet
  readonly stdout: Outlet
  readonly stderr: Outlet
  /** The process's own streams, for what draws and listens itself; touched where somebody sits there. */
  readonly streams: () => Streams
  /** Runs when the process ends, however that comes; returns how to take it back. */
  readonly atExit: (run: () => void) => () => void
  /** What the shell that runs us makes of Ctrl-Z; nothing where there is no such thing. */
  readonly job: Job | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly clock: Clock
  /** A command that only reads passes it on as a `ReadableDisk`. */
  readonly disk: Disk
  /** Loaded by those commands that need it. */
  readonly world: () => Promise<World>
  readonly threads: Threads
  readonly stop: Stop
  /** What ktool knows of itself. */
  readonly about: About
  readonly manifest: () => Manifest
}

export interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

export interface Job {
  suspend(): void
  /** Runs whenever it goes on; returns how to take it back. */
  onContinued(run: () => void): () => void
}

/** What a broker needs besides. */
export interface World {
  readonly random: Random
  readonly network: Network
  readonly processes: Processes
}

/** Where bytes come in. */
export interface Inlet {
  readonly isTerminal: boolean
  chunks(): AsyncIterable<Uint8Array>
}
