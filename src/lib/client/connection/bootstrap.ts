import { AuthError, ConnectionError, KtoolError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Connection } from './connection.ts'
import type { Peer } from './peer.ts'

/** A broker that has not answered by then is not waited for alone. */
const HEAD_START_MS = 700

/**
 * The first broker of several that answers. They are tried in their order, the next one as soon as one has failed or
 * is slow: one that hangs costs less than a second.
 */
export function firstToStand(
  peers: readonly Peer[],
  connect: (peer: Peer) => Promise<Connection>,
  clock: Clock,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const failures: KtoolError[] = []
    let next = 0
    const tryNext = () => {
      const peer = peers[next]
      if (peer === undefined) return
      next += 1
      const cancel = clock.after(HEAD_START_MS, tryNext)
      connect(peer).then(
        (connection) => {
          cancel()
          // Nobody else is tried.
          next = peers.length
          resolve(connection)
        },
        (error: unknown) => {
          cancel()
          if (!(error instanceof KtoolError)) return reject(error)
          failures.push(error)
          if (failures.length === peers.length) reject(allTogether(failures))
          else tryNext()
        },
      )
    }
    tryNext()
  })
}

function allTogether(failures: readonly KtoolError[]): KtoolError {
  const [first] = failures
  const denial = failures.find((error) => error instanceof AuthError)
  if (denial !== undefined) return denial
  if (failures.length === 1 && first !== undefined) return withHint(first)
  const reasons = failures.map(({ message }) => message).join('; ')
  return new ConnectionError(
    'no-broker-answers',
    `none of the ${failures.length} brokers answers: ${reasons}`,
    {
      hint: first?.hint ?? 'see whether they run, and whether the addresses are right',
      cause: first,
    },
  )
}

function withHint(error: KtoolError): KtoolError {
  if (error.hint !== undefined || !(error instanceof ConnectionError)) return error
  return new ConnectionError(error.code, error.message, {
    hint: 'see whether a broker runs there; `ktool broker --local` starts one on this machine',
    details: error.details,
    cause: error,
  })
}
