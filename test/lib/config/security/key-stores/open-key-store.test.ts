import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  openIdentity,
  openTrustStore,
} from '../../../../../src/lib/config/security/key-stores/open-key-store.ts'
import { KtoolError } from '../../../../../src/lib/errors.ts'

const folder = new URL('../../../../golden/key-stores/', import.meta.url)
const store = 'key-store-password'
const known = { store, key: null }
const keyPassword = 'another-key-password'

function file(name: string): Buffer {
  return readFileSync(new URL(name, folder))
}

const authority = new X509Certificate(file('authority.pem'))
const client = new X509Certificate(file('client.pem'))

describe('a trust store', () => {
  it.each([
    ['trust-java17.p12', store],
    ['trust-java8.p12', store],
    ['trust-open.p12', store],
    ['trust-open.p12', null],
    ['trust.jks', store],
    ['trust.jks', null],
    ['trust-umlaut.jks', 'pässwörd€'],
    ['trust-umlaut.p12', 'pässwörd€'],
    ['authority.pem', null],
  ])('%s, opened with %s, believes the authority', (name, password) => {
    const certificates = openTrustStore(file(name), name, { store: password, key: null })
    expect(certificates.map((pem) => new X509Certificate(pem).fingerprint256)).toEqual([
      authority.fingerprint256,
    ])
  })

  it.each(['trust-java17.p12', 'trust-java8.p12', 'trust.jks', 'client-openssl.p12', 'client-openssl1.p12'])(
    '%s does not open with another password',
    (name) => {
      const open = () => openTrustStore(file(name), name, { store: 'wrong', key: null })
      expect(open).toThrow(`${name}: the password is another one, or the file is damaged`)
    },
  )

  it('needs a password where what is in it is hidden', () => {
    const open = () => openTrustStore(file('trust-java17.p12'), 'T', { store: null, key: null })
    expect(open).toThrow('T: it needs a password, and none is said')
  })

  it.each([
    ['client.jceks', /it is a JCEKS key store/],
    ['client.key', /no certificate is in it/],
  ])('is not %s', (name, reason) => {
    expect(() => openTrustStore(file(name), name, known)).toThrow(reason)
  })

  it.each([
    ['trust-open.p12', null, 1],
    ['trust.jks', null, 1],
    ['trust.jks', store, 1],
    ['trust-java17.p12', store, 41],
  ])('that was damaged anywhere in %s, opened with %s, is refused or read', (name, password, step) => {
    const whole = file(name)
    for (let at = 0; at < whole.length; at += step) {
      const damaged = Buffer.from(whole)
      damaged[at] = (damaged[at] ?? 0) ^ 0x41
      const isChecked = name === 'trust.jks' && password !== null
      expectRefusal(() => openTrustStore(damaged, name, { store: password, key: null }), isChecked)
      expectRefusal(() => openTrustStore(whole.subarray(0, at), name, { store: password, key: null }), true)
    }
  })
})

describe('a key store', () => {
  it.each([
    ['client-java17.p12', known],
    ['client-java8.p12', known],
    ['client-openssl.p12', known],
    ['client-openssl1.p12', known],
    ['client.jks', { store, key: keyPassword }],
    ['client.jks', { store: null, key: keyPassword }],
  ])('%s, opened with %j, tells who the client is, and by whom that is so', (name, passwords) => {
    const { chain, key, passphrase } = openIdentity(file(name), name, passwords)
    const [first, second, ...more] = chain.split(/(?=-----BEGIN)/).map((pem) => new X509Certificate(pem))
    expect([first?.fingerprint256, second?.fingerprint256]).toEqual([
      client.fingerprint256,
      authority.fingerprint256,
    ])
    expect(more).toEqual([])
    expect(client.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(passphrase).toBeNull()
  })

  it('of JKS has keys with passwords of their own', () => {
    expect(() => openIdentity(file('client.jks'), 'K', known)).toThrow('K: the password is another one')
  })

  it('may be PEM, with a key that has a password', () => {
    const both = Buffer.concat([file('client.pem'), file('client-encrypted.key')])
    const { chain, key, passphrase } = openIdentity(both, 'K', { store: null, key: store })
    expect(new X509Certificate(chain).fingerprint256).toBe(client.fingerprint256)
    expect(createPrivateKey({ key, passphrase: passphrase ?? '' }).type).toBe('private')
  })

  it.each([
    ['trust.jks', /no private key is in it/],
    ['client.pem', /no private key in PEM/],
    ['client.key', /no certificate in PEM/],
  ])('is not %s', (name, reason) => {
    expect(() => openIdentity(file(name), name, known)).toThrow(reason)
  })

  it('says nothing of what is in it where it is damaged', () => {
    const damaged = file('client.key')
      .toString()
      .replace(/\n.{10}/, '\n!!!!')
    const open = () => openIdentity(Buffer.from(damaged), 'K', known)
    expect(open).toThrow('K: it is damaged, or no key store: what stands in a PRIVATE KEY is not base64')
  })
})

function expectRefusal(open: () => unknown, always = false): void {
  let thrown: unknown
  try {
    open()
  } catch (error) {
    thrown = error
  }
  if (thrown !== undefined || always) expect(thrown).toBeInstanceOf(KtoolError)
}
