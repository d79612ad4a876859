import { AuthError, ConnectionError, FailedError, KtoolError } from '../../errors.ts'
import { brokerError } from '../broker-error.ts'

interface KafkajsError extends Error {
  /** Kafka's number, where a broker has answered with one. */
  readonly code?: unknown
  readonly broker?: unknown
  /** What it was before it was tried once too often. */
  readonly originalError?: unknown
  readonly cause?: unknown
}

/** What kafkajs throws, as ktool says it: by the broker's error code, or by who could not be reached. */
export function fromKafkajs(error: unknown): unknown {
  if (error instanceof KtoolError || !(error instanceof Error) || !error.name.startsWith('KafkaJS'))
    return error
  const { name, message, code, broker, originalError, cause }: KafkajsError = error
  if (name === 'KafkaJSNumberOfRetriesExceeded' || name === 'KafkaJSNonRetriableError') {
    const inner = fromKafkajs(cause ?? originalError)
    if (inner instanceof KtoolError) return inner
  }
  if (typeof code === 'number') return brokerError(code)
  if (name === 'KafkaJSSASLAuthenticationError')
    return new AuthError('authentication-failed', message, { cause: error })
  if (isUnreachable(name)) {
    return new ConnectionError('connection-failed', message, {
      cause: error,
      ...(broker === undefined ? {} : { details: { broker } }),
    })
  }
  return new FailedError('client-failed', message, { cause: error })
}

function isUnreachable(name: string): boolean {
  return /Connection|BrokerNotFound|RequestTimeout|MetadataNotLoaded|GroupCoordinatorNotFound/.test(name)
}
