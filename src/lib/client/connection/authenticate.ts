import type { SaslClient } from '../../auth/sasl-client.ts'
import { AuthError, type KtoolError } from '../../errors.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { saslAuthenticate } from '../../protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../protocol/apis/sasl-handshake.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError } from '../broker-error.ts'
import type { Connection } from './connection.ts'
import type { Peer } from './peer.ts'

/** Frames of Kafka's own around what SASL says; before Kafka 1.0 it stood there bare. */
const FRAMED = { min: 1 }

/** Says who we are. Returns how long the broker believes it, in milliseconds; 0 is for as long as the link stands. */
export async function authenticate(
  connection: Connection,
  client: SaslClient,
  patienceMs: number,
): Promise<number> {
  const { peer, versions } = connection
  const { mechanism } = client
  if (!versions.has(saslHandshake, FRAMED)) throw noSaslThere(peer)
  const { errorCode, mechanisms } = await connection.ask(saslHandshake, { mechanism }, patienceMs, FRAMED)
  if (errorCode !== errorCodes.NONE) throw handshakeRefused(peer, mechanism, errorCode, mechanisms)
  let lifetimeMs = 0
  let said: Buffer | undefined = named(peer, () => client.start())
  while (said !== undefined) {
    const answer: AnswerOf<typeof saslAuthenticate> = await connection.ask(
      saslAuthenticate,
      { authBytes: said },
      patienceMs,
    )
    const { authBytes, sessionLifetimeMs } = answer
    if (answer.errorCode !== errorCodes.NONE) throw refused(peer, mechanism, answer)
    lifetimeMs = Number(sessionLifetimeMs)
    said = named(peer, () => client.next(authBytes))
  }
  return lifetimeMs
}

function handshakeRefused(
  peer: Peer,
  mechanism: string,
  code: number,
  offered: readonly string[],
): KtoolError {
  if (code === errorCodes.ILLEGAL_SASL_STATE) return noSaslThere(peer)
  if (code !== errorCodes.UNSUPPORTED_SASL_MECHANISM) return brokerError(code)
  const known = offered.length === 0 ? 'none' : offered.join(', ')
  return new AuthError(
    'unsupported-sasl-mechanism',
    `${peer.name} does not know the mechanism ${mechanism}; it offers ${known}`,
    {
      hint: 'say another one: sasl.mechanism, and the login module of sasl.jaas.config that goes with it',
      details: { mechanism, offered },
    },
  )
}

function noSaslThere(peer: Peer): AuthError {
  return new AuthError('no-sasl-there', `${peer.name} asks nobody who they are: its listener has no SASL`, {
    hint: 'say security.protocol=PLAINTEXT (or SSL), or name the port of a SASL listener',
    details: { host: peer.host, port: peer.port },
  })
}

function refused(
  peer: Peer,
  mechanism: string,
  { errorCode, errorMessage }: { errorCode: number; errorMessage: string | null },
): KtoolError {
  const { code, message, details } = brokerError(errorCode, errorMessage)
  return new AuthError(code, `${peer.name}: ${message}`, {
    hint: 'see the user name and the password, or the token, and that the user exists for this mechanism',
    details: { ...details, mechanism },
  })
}

/** What the steps themselves refuse, with who it was that they talked to. */
function named<T>(peer: Peer, step: () => T): T {
  try {
    return step()
  } catch (cause) {
    if (!(cause instanceof AuthError)) throw cause
    const { code, message, hint, details } = cause
    throw new AuthError(code, `${peer.name}: ${message}`, { hint, details, cause })
  }
}
