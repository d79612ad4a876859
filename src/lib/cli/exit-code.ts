import { type ExitCode, exitCodes } from '../errors.ts'

/** All that a run was, as far as its exit code is concerned. */
export interface Ending {
  /** The error that ended it. */
  readonly fatal?: ExitCode | undefined
  /** The signal that ended it. */
  readonly stopped?: ExitCode | undefined
  readonly workedCount: number
  /** Of the program that ran in our place. */
  readonly status?: number
  /** How its items failed. */
  readonly failedWith: ReadonlySet<ExitCode>
  readonly foundTrouble: boolean
}

const { bug, cancelled, terminated, usage, commandNotStarted, auth, unreachable, failed, trouble, done } =
  exitCodes

/** The first of these that happened is what the caller is told. */
const precedence: readonly ExitCode[] = [
  bug,
  cancelled,
  terminated,
  usage,
  commandNotStarted,
  auth,
  unreachable,
  failed,
  trouble,
]

/** A number that is none of ours comes from a program that ran in our place. */
export function exitCodeOf(ending: Ending): number {
  const happened = new Set(
    [ending.fatal, ending.stopped, ...ending.failedWith, ending.foundTrouble ? trouble : undefined].map(
      (code) => (ending.workedCount > 0 ? withPartsDone(code) : code),
    ),
  )
  const ours = precedence.find((code) => happened.has(code))
  // What that program says goes before all but a bug, unless it says that all is well.
  if (ours === bug) return ours
  return ending.status || (ours ?? done)
}

/** "Nobody answered" and "not allowed" are said of the whole only; of a part they are failures like others. */
function withPartsDone(code: ExitCode | undefined): ExitCode | undefined {
  return code === auth || code === unreachable ? failed : code
}
