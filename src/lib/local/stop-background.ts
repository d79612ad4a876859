import { contextsFile, dropContext } from '../config/contexts.ts'
import type { UserEnvironment } from '../config/user-folders.ts'
import { FailedError } from '../errors.ts'
import type { Disk } from '../ports/disk.ts'
import { lookUntil } from '../ports/pause.ts'
import { formatDuration } from '../values/durations.ts'
import { type BackgroundRecord, backgroundFiles, dropRecord } from './background-record.ts'
import { type BackgroundStatus, type BackgroundWorld, backgroundStatus } from './background-status.ts'
import { CONTEXT } from './start-background.ts'

interface StopWorld extends BackgroundWorld, UserEnvironment {
  readonly disk: Disk
}

/** How often to look whether it is gone: nobody is told when a process ends that is not his own child. */
const LOOK_MS = 20
/** One that answers no longer may be about to end. */
const ENDING_MS = 1000

/** Tells the broker in the background to stop, and waits until it has. Says how it was before. */
export async function stopBackground(timeoutMs: number, world: StopWorld): Promise<BackgroundStatus> {
  const { disk, processes } = world
  const files = backgroundFiles(world)
  const before = await backgroundStatus(files, world)
  const { state, record } = before
  if (record === undefined) return before
  if (state === 'silent' && !(await isGone(record, ENDING_MS, world))) throw silent(record)
  if (state === 'running') {
    processes.signal(record.pid, 'SIGTERM')
    if (!(await isGone(record, timeoutMs, world))) throw stillThere(record, timeoutMs)
  }
  dropRecord(disk, files)
  // A directory that is gone will not be started again.
  if (record.isEphemeral) await dropContext(disk, contextsFile(world), CONTEXT)
  return before
}

function isGone({ pid }: BackgroundRecord, timeoutMs: number, world: StopWorld): Promise<boolean> {
  const { clock, processes } = world
  const patience = { clock, everyMs: LOOK_MS, timeoutMs }
  return lookUntil(
    () => !processes.isAlive(pid),
    (isOver) => isOver,
    patience,
  )
}

function silent({ pid, bootstrap }: BackgroundRecord): FailedError {
  return new FailedError(
    'broker-silent',
    `process ${pid} lives, and nobody answers at ${bootstrap}: it may be the broker or another program`,
    { hint: `look at it, and end it yourself if it is the broker: kill ${pid}`, details: { pid } },
  )
}

function stillThere({ pid }: BackgroundRecord, timeoutMs: number): FailedError {
  const waited = formatDuration(timeoutMs)
  return new FailedError(
    'broker-not-stopped',
    `the broker was told to stop, and still runs after ${waited}`,
    {
      hint: `ktool broker logs shows what it does; kill -9 ${pid} ends it, and the next start recovers`,
      details: { pid },
    },
  )
}
