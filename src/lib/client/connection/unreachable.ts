import { ConnectionError } from '../../errors.ts'
import type { Address } from '../../ports/network.ts'
import type { Peer } from './peer.ts'

/** Brokers say themselves where they are, and it is often a name that only they know. */
export function withAdvertisedHint(error: unknown, peer: Peer, bootstrap: readonly Address[]): unknown {
  // Whoever takes a connection and says nothing is not at a wrong address: it hangs.
  if (!(error instanceof ConnectionError) || error.code === 'request-timed-out') return error
  const [first] = bootstrap
  if (first === undefined || bootstrap.some(({ host, port }) => host === peer.host && port === peer.port)) {
    return error
  }
  const message = error.message.startsWith(peer.name) ? error.message : `${peer.name}: ${error.message}`
  return new ConnectionError(error.code, message, {
    hint:
      `${first.host}:${first.port} answered, and says that this broker is at ${peer.host}:${peer.port}: ` +
      'if that address is wrong from here, set advertised.listeners of the broker',
    details: error.details,
    cause: error,
  })
}
