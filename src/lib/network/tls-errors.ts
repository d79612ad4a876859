import type { PeerCertificate } from 'node:tls'
import { AuthError, ConnectionError, FailedError, type KtoolError } from '../errors.ts'
import type { Address, TlsTrust } from '../ports/network.ts'
import { refusal } from './connection-errors.ts'

type Refusal = readonly [code: string, reason: string, hint: string]

const trustHint = 'name the authority that signed it: ssl.truststore.location, or ssl.ca.location for PEM'

/** Of the certificate that the other side showed, in OpenSSL's names. */
const certificates: Readonly<Record<string, Refusal>> = {
  SELF_SIGNED_CERT_IN_CHAIN: [
    'unknown-authority',
    'its certificate is signed by an authority that is not believed',
    trustHint,
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'unknown-authority',
    'its certificate is signed by nobody but itself',
    trustHint,
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'unknown-authority',
    'its certificate is signed by an authority that is not known',
    trustHint,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'unknown-authority',
    'its certificate is signed by an authority that is not known',
    trustHint,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'unknown-authority',
    'it does not show the certificates between its own and one that is known',
    trustHint,
  ],
  CERT_UNTRUSTED: [
    'unknown-authority',
    'its certificate is signed by an authority that is not believed',
    trustHint,
  ],
  CERT_HAS_EXPIRED: [
    'certificate-expired',
    'its certificate, or one that signed it, has expired',
    'the broker needs a new one; see the clock of this machine too',
  ],
  CERT_NOT_YET_VALID: [
    'certificate-not-yet-valid',
    'its certificate is not valid yet',
    'see the clock of this machine',
  ],
  CERT_SIGNATURE_FAILURE: [
    'certificate-forged',
    'its certificate is not signed by the authority that it names',
    trustHint,
  ],
  CERT_REVOKED: ['certificate-revoked', 'its certificate was revoked', 'the broker needs a new one'],
  INVALID_CA: ['unknown-authority', 'its certificate is signed by one that may not sign', trustHint],
  INVALID_PURPOSE: [
    'certificate-not-for-servers',
    'its certificate is not for servers',
    'the broker needs one for servers',
  ],
}

/** What the other side has against us, by the words of its alert. */
const aboutUs =
  /alert (?:bad certificate|certificate required|certificate unknown|unknown ca|certificate expired|unsupported certificate|certificate revoked|access denied|no certificate)/
const otherBytes =
  /wrong version number|packet length too long|unexpected message|record layer failure|bad record type|http request|unknown protocol|invalid protocol/

/** A sentence for what went wrong with TLS, from what OpenSSL says of it. */
export function tlsRefusal(cause: Error, at: Address, tls: TlsTrust): KtoolError {
  const code = 'code' in cause ? String(cause.code) : ''
  const words = `${'reason' in cause ? String(cause.reason) : ''} ${cause.message}`
  const [name, reason, hint] = certificates[code] ?? []
  if (name !== undefined) return denial(at, cause, [name, reason ?? '', hint ?? ''])
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return denial(at, cause, wrongName(at, cause))
  if (aboutUs.test(words) || isCutOff(words, tls)) return denial(at, cause, unwanted(tls, words))
  if (otherBytes.test(words) || /before secure TLS connection/.test(words)) return noTls(at, cause)
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return noAgreement(at, cause, tls)
  return refusal(cause, at)
}

/** How a broker of ktool ends TLS 1.3 with who shows a bad certificate: its alert is no part of TLS. */
function isCutOff(words: string, { identity }: TlsTrust): boolean {
  return identity !== null && /bad record type/.test(words)
}

/** What stands in our own settings, and cannot be worked with. */
export function tlsMisconfigured(cause: Error): KtoolError {
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'ERR_SSL_NO_CIPHER_MATCH')
    return new FailedError('no-such-cipher', 'ssl.cipher.suites names no cipher that is known here', {
      cause,
    })
  if (/key values mismatch/.test(cause.message))
    return new FailedError('wrong-key', 'the private key is not that of the certificate', { cause })
  if (/bad decrypt|passphrase|interrupted or cancelled/i.test(cause.message))
    return new FailedError('wrong-password', 'the private key does not open with this password', {
      cause,
      hint: 'say another one: ssl.key.password',
    })
  return new FailedError(
    'invalid-key',
    `the certificate or the private key cannot be used: ${cause.message}`,
    { cause },
  )
}

function wrongName(at: Address, cause: Error): Refusal {
  const names = namesOf('cert' in cause ? (cause.cert as Partial<PeerCertificate>) : {})
  return [
    'wrong-host',
    `its certificate is not for ${at.host}, but for ${names.join(', ') || 'nobody'}`,
    'use one of these names; ssl.endpoint.identification.algorithm= (empty) believes any name',
  ]
}

function namesOf({ subjectaltname, subject }: Partial<PeerCertificate>): string[] {
  const names = (subjectaltname ?? '').split(', ').map((name) => name.replace(/^(?:DNS|IP Address):/, ''))
  const known = names.filter((name) => name !== '')
  return known.length > 0 ? known : [subject?.CN ?? ''].flat().filter((name) => name !== '')
}

function unwanted({ identity }: TlsTrust, words: string): Refusal {
  if (identity === null)
    return [
      'certificate-wanted',
      'it wants to know who we are, by a certificate',
      'say which: ssl.keystore.location, or ssl.certificate.location and ssl.key.location for PEM',
    ]
  const alert = /alert ([a-z]+(?: [a-z]+)*)/.exec(words)?.[1] ?? 'it does not say why'
  return [
    'certificate-refused',
    `it refuses the certificate that we show (${alert})`,
    'the broker has to know who signed it: its ssl.truststore; and it must not have expired',
  ]
}

function noTls(at: Address, cause: Error): ConnectionError {
  return new ConnectionError('no-tls-there', `${at.host}:${at.port}: what answers there does not speak TLS`, {
    cause,
    hint: 'it may be the plain port: say security.protocol=PLAINTEXT (or SASL_PLAINTEXT), or name the port of a TLS listener',
    details: { ...at },
  })
}

/** OpenSSL's servers send the same alert to who shows no certificate; Java's are more exact. */
function noAgreement(at: Address, cause: Error, { identity }: TlsTrust): ConnectionError {
  const reason = 'reason' in cause ? String(cause.reason) : cause.message
  const more = identity === null ? '; or it wants a certificate of ours: ssl.keystore.location' : ''
  return new ConnectionError('tls-failed', `${at.host}:${at.port}: both sides agree on no TLS: ${reason}`, {
    cause,
    hint: `see ssl.enabled.protocols and ssl.cipher.suites on both sides${more}`,
    details: { ...at },
  })
}

function denial(at: Address, cause: Error, [code, reason, hint]: Refusal): AuthError {
  return new AuthError(code, `${at.host}:${at.port}: ${reason}`, { cause, hint, details: { ...at } })
}
