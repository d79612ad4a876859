import { X509Certificate } from 'node:crypto'
import { AuthError, DataError } from '../errors.ts'

const ofCertificates: Readonly<Record<string, string>> = {
  NO_CERTIFICATE: 'it shows no certificate, and has to',
  NOT_TOLD: 'this version of Node does not tell whether its certificate is good',
  CERT_HAS_EXPIRED: 'its certificate, or one that signed it, has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  CERT_SIGNATURE_FAILURE: 'its certificate is not signed by the authority that it names',
  INVALID_PURPOSE: 'its certificate is not for clients',
}
const UNKNOWN_AUTHORITY = 'its certificate is signed by nobody who is believed here'

/** What is wrong with the certificate that a client shows, by OpenSSL's name of it. */
export function certificateRefusal(code: string, der?: Buffer): AuthError {
  const reason = ofCertificates[code] ?? UNKNOWN_AUTHORITY
  const whose = der === undefined ? '' : ` (${subjectOf(der)})`
  return new AuthError('client-certificate-refused', `${reason}${whose}`, { details: { reason: code } })
}

const alerts = /alert ([a-z]+(?: [a-z]+)*)/

/** A sentence for a handshake that came to nothing, from what OpenSSL says of it. */
export function handshakeRefusal(cause: Error): AuthError {
  const words = `${'reason' in cause ? String(cause.reason) : ''} ${cause.message}`
  return new AuthError('tls-handshake-failed', `TLS came to nothing: ${reasonOf(words)}`, { cause })
}

function reasonOf(words: string): string {
  if (/peer did not return a certificate/.test(words)) return 'it shows no certificate, and has to'
  if (/no shared cipher|no suitable|unsupported protocol|version too low|wrong version/.test(words))
    return 'both sides have no version or cipher in common'
  const [, alert] = alerts.exec(words) ?? []
  if (alert !== undefined) return `it says "${alert}", about our certificate most likely`
  const [, reason] = /SSL routines:[^:]*:([a-z0-9 ]+)/i.exec(words) ?? []
  return reason ?? 'it left in the midst of it'
}

/** Of a link that stood; what is no fault of the client is left as it is. */
export function laterRefusal(cause: Error & { readonly code?: unknown }): Error {
  const code = String(cause.code)
  if (code === 'ERR_TLS_RENEGOTIATION_DISABLED')
    return new DataError('tls-anew', 'it begins TLS anew in the midst of it', { cause })
  const isDamaged = code.startsWith('ERR_SSL_') && !code.includes('ALERT')
  return isDamaged ? new DataError('tls-damaged', 'what it sends is no TLS any more', { cause }) : cause
}

/** Whom people most often send to a TLS listener by mistake. */
export function noTlsSpoken(first: Buffer): DataError {
  const isHttp = /^(?:GET|PUT|POST|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PRI) /.test(
    first.toString('latin1', 0, 8),
  )
  const isKafka = first.length >= 4 && first[0] === 0
  const what = isHttp ? 'HTTP' : isKafka ? 'Kafka without TLS' : 'something that is not TLS'
  return new DataError('no-tls-spoken', `${what} on a listener with TLS`)
}

function subjectOf(der: Buffer): string {
  try {
    return new X509Certificate(der).subject.replaceAll('\n', ', ')
  } catch {
    return 'of nobody who can be read'
  }
}
