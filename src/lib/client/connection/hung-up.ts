import { ConnectionError } from '../../errors.ts'
import type { Peer } from './peer.ts'

interface Circumstances {
  /** What it was to answer. */
  readonly asked: string | undefined
  readonly hasTls: boolean
  /** It has answered nothing but what it serves, and nobody has said who we are. */
  readonly isUnknown: boolean
  readonly cause: Error | undefined
}

/** Why a broker may have hung up: it never says. */
export function hungUp(
  peer: Peer,
  how: string,
  { asked, hasTls, isUnknown, cause }: Circumstances,
): ConnectionError {
  const instead = asked === undefined ? '' : ` instead of answering ${asked}`
  return new ConnectionError('connection-closed', `${peer.name} ${how}${instead}`, {
    cause,
    hint: hintFor(asked, hasTls, isUnknown),
    details: { host: peer.host, port: peer.port },
  })
}

function hintFor(asked: string | undefined, hasTls: boolean, isUnknown: boolean): string {
  if (!isUnknown || asked === undefined) return 'it may be about to stop; its log tells'
  // Before anybody is known a SASL listener answers ApiVersions, and nothing else.
  if (asked !== 'ApiVersions')
    return (
      'a listener that wants to know who asks does that: ' +
      `say security.protocol=${hasTls ? 'SASL_SSL' : 'SASL_PLAINTEXT'}, sasl.mechanism and sasl.jaas.config`
    )
  return hasTls
    ? 'its log tells why'
    : 'a listener with TLS does that: say security.protocol=SSL (or SASL_SSL); or it is no Kafka'
}
