import { type ErrorName, errorCodes } from '../protocol/error-codes.ts'

/** A refusal in Kafka's words: whoever makes the answer puts the code, and the message where there is room for it. */
export class ApiError extends Error {
  readonly error: ErrorName

  constructor(error: ErrorName, message = '') {
    super(message)
    this.error = error
  }

  get code(): number {
    return errorCodes[this.error]
  }
}
