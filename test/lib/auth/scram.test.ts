import { describe, expect, it } from 'vitest'
import { ScramClient } from '../../../src/lib/auth/scram-client.ts'
import { readGreeting, ScramServer, scramCredential } from '../../../src/lib/auth/scram-server.ts'

const pencil = { username: 'user', password: 'pencil' }
const nonce = 'rOprNGfwEbeRWgbNEkqO'
const serverFirst = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'
const serverFinal = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='

function begun(credentials = pencil) {
  const client = new ScramClient('SCRAM-SHA-256', credentials, nonce)
  client.start()
  return client
}

function told(client: ScramClient, message: string): string | undefined {
  return client.next(Buffer.from(message))?.toString()
}

describe('a SCRAM client', () => {
  it('says what RFC 7677 has its client say', () => {
    const client = new ScramClient('SCRAM-SHA-256', pencil, nonce)
    expect(client.start().toString()).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    expect(told(client, serverFirst)).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    )
    expect(told(client, serverFinal)).toBeUndefined()
  })

  it('is not content with a server that does not know the password', () => {
    const client = begun()
    told(client, serverFirst)
    expect(() => told(client, 'v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toThrow(/is not the broker/)
    expect(() => told(client, 'v=6rri')).toThrow(/is not the broker/)
  })

  it.each([
    ['a nonce that is not made from ours', serverFirst.replace('r=r', 'r=x')],
    ['our own nonce alone', `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
    ['too few iterations', serverFirst.replace('i=4096', 'i=4095')],
    ['iterations without end', serverFirst.replace('i=4096', 'i=2147483647')],
    ['no number of iterations', serverFirst.replace('i=4096', 'i=0x1000')],
    ['no iterations', serverFirst.replace(',i=4096', '')],
    ['no salt', serverFirst.replace('s=W22ZaJ0SNY7soEsUEjb6gQ==', 's=')],
    ['a salt that is no base64', serverFirst.replace('W22Z', 'W2!Z')],
    ['an attribute twice', `${serverFirst},i=4096`],
    ['no attributes', '{"status":"ok"}'],
    ['nothing', ''],
  ])('refuses %s', (_, message) => {
    expect(() => told(begun(), message)).toThrow(/no message of SCRAM/)
  })

  it('repeats what the server says against it, without its escapes', () => {
    expect(() => told(begun(), 'e=unknown-user\x1b[31m')).toThrow('"unknown-user\\u001b[31m"')
  })

  it('writes commas and equals signs of a name as the RFC wants them', () => {
    const client = new ScramClient('SCRAM-SHA-512', { username: 'a,b=c', password: '' }, 'n')
    expect(client.start().toString()).toBe('n,,n=a=2Cb=3Dc,r=n')
  })

  it('says so where the name is that of a delegation token', () => {
    const token = { ...pencil, isDelegationToken: true }
    expect(new ScramClient('SCRAM-SHA-512', token, 'n').start().toString()).toBe(
      'n,,n=user,r=n,tokenauth=true',
    )
  })
})

describe('a SCRAM server', () => {
  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('and a client come to terms by %s', (mechanism) => {
    const { client, server } = pair(mechanism, 'sécret ☃')
    const proof = client.next(server.challenge())
    expect(client.next(server.finish(proof ?? Buffer.of()))).toBeUndefined()
  })

  it('refuses another password', () => {
    const { client, server } = pair('SCRAM-SHA-256', 'another')
    const proof = client.next(server.challenge()) ?? Buffer.of()
    expect(() => server.finish(proof)).toThrow(/the password is another one/)
  })

  it('refuses a proof for a nonce of another exchange', () => {
    const { client, server } = pair('SCRAM-SHA-256', 'sécret ☃')
    const proof = client.next(server.challenge())?.toString().replace('r=abc', 'r=abd') ?? ''
    expect(() => server.finish(Buffer.from(proof))).toThrow(/nonce/)
  })

  it.each(['', 'y,,n=user,r=abc', 'n,,n=user', 'n,,r=abc,n=user', 'n,,n=a=20b,r=abc'])(
    'refuses %j',
    (message) => {
      expect(() => readGreeting(Buffer.from(message))).toThrow(/no message of SCRAM/)
    },
  )
})

function pair(mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512', password: string) {
  const client = new ScramClient(mechanism, { username: 'a,b=c', password }, 'abc')
  const greeting = readGreeting(client.start())
  expect(greeting.username).toBe('a,b=c')
  const credential = scramCredential(mechanism, 'sécret ☃', Buffer.from('salt'), 4096)
  return { client, server: new ScramServer(mechanism, greeting, credential, 'def') }
}
