import type { KtoolError } from '../../errors.ts'
import { brokerError, protocolError } from '../broker-error.ts'

/** What a broker answered for one item instead of what it was asked for. */
export class Refusal {
  readonly errorCode: number
  readonly words: string | null

  constructor(errorCode: number, words: string | null = null) {
    this.errorCode = errorCode
    this.words = words
  }

  /** The same again may be answered otherwise. */
  get isWorthAnotherTry(): boolean {
    return protocolError(this.errorCode)?.retriable === true
  }

  asError(): KtoolError {
    return brokerError(this.errorCode, this.words)
  }
}

/** The answer, or the refusal that an error code stands for. */
export function orRefusal<T>(errorCode: number, answer: () => T, words?: string | null): T | Refusal {
  return errorCode === 0 ? answer() : new Refusal(errorCode, words ?? null)
}
