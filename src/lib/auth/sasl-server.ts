import { AuthError } from '../errors.ts'

/** The other side of a SASL exchange: what a client says goes in, what it is told comes out. */
export interface SaslServer {
  readonly mechanism: string
  /** Whom the client says to be, as soon as it has; not yet proved. */
  readonly claimed: string | undefined
  /** Throws an AuthError for one who is not let in, in the words of `toldRefusal` where Kafka tells the client. */
  next(message: Buffer): SaslStep
}

export interface SaslStep {
  readonly answer: Buffer
  /** Once the client has proved who it is. */
  readonly login?: SaslLogin
}

export interface SaslLogin {
  readonly name: string
  /** When what it was proved by runs out. */
  readonly expiresMs?: number
}

const TOLD = 'sasl-authentication-failed'

/** In Kafka's words, which the client may read. */
export function toldRefusal(words: string): AuthError {
  return new AuthError(TOLD, words)
}

/** For the log alone: a client is not told whether a user is there. */
export function notTheCredentials(reason: string): AuthError {
  return new AuthError('invalid-credentials', reason)
}

/** What the client may read of a refusal; nothing where it is to learn no more than that it was refused. */
export function wordsTold(refusal: unknown): string | undefined {
  return refusal instanceof AuthError && refusal.code === TOLD ? refusal.message : undefined
}
