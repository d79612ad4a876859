import type { Outlet } from '../output/outlet.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import type { Threads } from '../ports/threads.ts'
import type { Manifest } from './manifest.ts'
import type { About } from './oclif-config.ts'
import type { Stop } from './stop.ts'

/** All that a command meets of the world outside its arguments. Tests make their own. */
export interface Surroundings {
  readonly stdin: Inlet
  readonly stdout: Outlet
  readonly stderr: Outlet
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** A command that only reads passes it on as a `ReadableDisk`. */
  readonly disk: Disk
  readonly threads: Threads
  readonly stop: Stop
  /** What ktool knows of itself. */
  readonly about: About
  readonly manifest: () => Manifest
}

/** Where bytes come in. */
export interface Inlet {
  readonly isTerminal: boolean
  chunks(): AsyncIterable<Uint8Array>
}
