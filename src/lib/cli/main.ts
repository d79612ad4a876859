import { type ExitCode, exitCodes } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import { noThreads, type Thread } from '../ports/threads.ts'
import { isVerboseIn } from './command-line.ts'
import { DescriptorOutlet } from './descriptor-outlet.ts'
import type { Manifest } from './manifest.ts'
import type { About } from './oclif-config.ts'
import { type Commands, runProgram } from './program.ts'
import { asKtoolError, report } from './report.ts'
import { startedDeaf } from './started-deaf.ts'
import { stdinInlet } from './stdin-inlet.ts'
import { Stop } from './stop.ts'
import type { Job, Surroundings, World } from './surroundings.ts'

/** What the build knows, and the real world. */
export interface Start extends Commands {
  readonly about: About
  readonly manifest: () => Manifest
  readonly clock: Clock
  readonly disk: Disk
  readonly world: () => Promise<World>
  /** Starts a second thread of this program, with its arguments. */
  readonly startThread: (work: string, argv: readonly string[]) => Promise<Thread | undefined>
}

/** Runs ktool in a real process, which the front door then ends with the code that this returns. */
export async function main(start: Start, process: NodeJS.Process): Promise<number> {
  const isDeaf = startedDeaf(process)
  const surroundings = surroundingsOf(start, process, stopOf(process, isDeaf))
  const { about, stop, stderr } = surroundings
  process.on('SIGINT', () => endUnlessTaken(process, stop, exitCodes.cancelled))
  process.on('SIGTERM', () => endUnlessTaken(process, stop, exitCodes.terminated))
  if (isDeaf) process.on('SIGHUP', () => {})
  process.on('uncaughtException', (error) => {
    const manner = { format: undefined, isVerbose: isVerboseIn(process.argv) }
    report(asKtoolError(error, about), stderr, manner).finally(() => process.exit(exitCodes.bug))
  })
  return runProgram(start, process.argv.slice(2), surroundings)
}

function surroundingsOf(start: Start, process: NodeJS.Process, stop: Stop): Surroundings {
  const { about, manifest, clock, disk, world } = start
  const { env, argv } = process
  return {
    stdin: stdinInlet(process, clock),
    stdout: new DescriptorOutlet(1, () => process.stdout, env),
    stderr: new DescriptorOutlet(2, () => process.stderr, env),
    streams: () => process,
    atExit: (run) => {
      process.once('exit', run)
      return () => process.off('exit', run)
    },
    job: process.platform === 'win32' ? undefined : jobOf(process),
    environment: env,
    platform: process.platform,
    clock,
    disk,
    world,
    threads:
      env.KTOOL_THREADS === '1' ? noThreads : { start: (work) => start.startThread(work, argv.slice(2)) },
    stop,
    about,
    manifest,
  }
}

/** As the terminal does it at Ctrl-Z: a script that has started us is of the same job, and stops with us. */
function jobOf(process: NodeJS.Process): Job {
  return {
    suspend: () => void process.kill(0, 'SIGTSTP'),
    onContinued: (run) => {
      process.on('SIGCONT', run)
      return () => process.off('SIGCONT', run)
    },
  }
}

/** A terminal that is closed ends what has nothing to put in order by itself. */
function stopOf(process: NodeJS.Process, isDeaf: boolean): Stop {
  let isHungUp = false
  const stop = new Stop(() => {
    if (isDeaf || !process.stdin.isTTY) return
    process.on('SIGHUP', () => {
      // The system and the shell both tell of it; the second time is nobody who cannot wait.
      if (isHungUp) return
      isHungUp = true
      endUnlessTaken(process, stop, exitCodes.terminated)
    })
  })
  return stop
}

function endUnlessTaken(process: NodeJS.Process, stop: Stop, code: ExitCode): void {
  if (!stop.request(code)) process.exit(stop.code ?? code)
}
