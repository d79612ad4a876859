import { FailedError, KtoolError } from '../errors.ts'
import type { LocalBroker } from './open-local.ts'

/** Serves until somebody asks it to stop, or it can go on no longer: then that is the error. */
export async function serve(local: LocalBroker, stop: AbortSignal): Promise<void> {
  const failure = await Promise.race([local.broker.failed, aborted(stop)])
  await local.stop()
  if (failure !== undefined) throw asFailure(failure)
}

export function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function asFailure(cause: Error): Error {
  if (cause instanceof KtoolError) return cause
  return new FailedError('broker-failed', `the broker had to stop: ${cause.message}`, { cause })
}
