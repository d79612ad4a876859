import { AuthError, exitCodes, FailedError, type KtoolError } from '../../errors.ts'
import { initProducerId } from '../../protocol/apis/init-producer-id.ts'
import type { Cluster } from '../cluster.ts'
import { Refusal } from '../routing/refusal.ts'
import type { Sender } from './pending-batch.ts'

/** Outside of transactions it has no meaning, and the largest is what Java sends. */
const NO_TIMEOUT_MS = 2 ** 31 - 1
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000

/** By which brokers know batches again. A broker that has just started first has to get numbers itself. */
export async function producerNumber(cluster: Cluster): Promise<Sender> {
  const question = { transactionalId: null, transactionTimeoutMs: NO_TIMEOUT_MS }
  cluster.deadline.renew()
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const { errorCode, producerId, producerEpoch } = await cluster.ask(initProducerId, question)
    if (errorCode === 0) return { producerId: Number(producerId), producerEpoch, isTransactional: false }
    const refusal = new Refusal(errorCode)
    if (!refusal.isWorthAnotherTry || !(await cluster.deadline.pause(pauseMs))) throw noNumber(refusal)
  }
}

function noNumber(refusal: Refusal): KtoolError {
  const { code, message, details, exitCode } = refusal.asError()
  const hint = 'with --acks 1 a producer needs none, and a record may be written twice'
  const why = `no producer id: ${message}`
  return exitCode === exitCodes.auth
    ? new AuthError(code, why, { hint, details })
    : new FailedError(code, why, { hint, details })
}
