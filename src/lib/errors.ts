/**
 * Every error that ktool throws on purpose, sorted by who must act.
 * The class decides the exit code; `code` is the stable name that scripts may test.
 */

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  trouble: 3,
  auth: 4,
  unreachable: 5,
  bug: 70,
  commandNotStarted: 125,
  cancelled: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export interface ErrorFacts {
  /** The next thing to try, as a sentence or a command. */
  hint?: string | undefined
  /** Facts for machines: file, position, field, limits … */
  details?: Record<string, unknown> | undefined
  cause?: unknown
}

export abstract class KtoolError extends Error {
  abstract readonly exitCode: ExitCode
  readonly code: string
  readonly hint: string | undefined
  readonly details: Record<string, unknown>

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = new.target.name
    this.code = code
    this.hint = facts.hint
    this.details = facts.details ?? {}
  }
}

/** The command line is wrong: the user types another one. */
export class UsageError extends KtoolError {
  readonly exitCode = exitCodes.usage
}

/** The work could not be done: a refusal, a stale plan, a missing name. */
export class FailedError extends KtoolError {
  readonly exitCode = exitCodes.failed
}

/** A broker answered with an error; `code` derives from Kafka's own name of it. */
export class BrokerError extends KtoolError {
  readonly exitCode = exitCodes.failed
}

/** Bytes that are not what they claim to be, with the place in `details`. */
export class DataError extends KtoolError {
  readonly exitCode = exitCodes.failed
}

/** It worked and found trouble: lag over the limit, a corrupt segment. */
export class CheckFailed extends KtoolError {
  readonly exitCode = exitCodes.trouble
}

/** Who you are, or what you may do. */
export class AuthError extends KtoolError {
  readonly exitCode = exitCodes.auth
}

/** Nobody answered in time. */
export class ConnectionError extends KtoolError {
  readonly exitCode = exitCodes.unreachable
}

/** Ctrl-C, or a question answered with no. */
export class Cancelled extends KtoolError {
  readonly exitCode = exitCodes.cancelled
}

/** Something that cannot happen has happened. */
export class BugError extends KtoolError {
  readonly exitCode = exitCodes.bug
}
