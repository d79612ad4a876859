import { DataError, FailedError } from '../../../errors.ts'

/** Bytes that no key store has. Where they stood, whoever opened the file adds. */
export function damagedKeyStore(reason: string): DataError {
  return new DataError('damaged-key-store', `it is damaged, or no key store: ${reason}`)
}

export function unknownProtection(what: string): FailedError {
  return new FailedError('unknown-protection', `it is protected by ${what}, which ktool does not know`, {
    hint: 'make it anew: keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12',
  })
}

export function wrongPassword(): FailedError {
  return new FailedError('wrong-password', 'the password is another one, or the file is damaged')
}

export function missingPassword(): FailedError {
  return new FailedError('no-password', 'it needs a password, and none is said')
}
