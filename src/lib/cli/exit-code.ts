import { type ExitCode, exitCodes } from '../errors.ts'

/** All that a run was, as far as its exit code is concerned. */
export interface Ending {
  /** The error that ended it. */
  readonly fatal?: ExitCode | undefined
  /** The signal that ended it. */
  readonly stopped?: ExitCode | undefined
  readonly workedCount: number
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

export function exitCodeOf(ending: Ending): ExitCode {
  const happened = new Set(
    [ending.fatal, ending.stopped, ...ending.failedWith, ending.foundTrouble ? trouble : undefined].map(
      (code) => (ending.workedCount > 0 ? withPartsDone(code) : code),
    ),
  )
  return precedence.find((code) => happened.has(code)) ?? done
}

/** "Nobody answered" and "not allowed" are said of the whole only; of a part they are failures like others. */
function withPartsDone(code: ExitCode | undefined): ExitCode | undefined {
  return code === auth || code === unreachable ? failed : code
}
