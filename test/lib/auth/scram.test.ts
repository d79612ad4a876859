import { describe, expect, it } from 'vitest'
import { wordsTold } from '../../../src/lib/auth/sasl-server.ts'
import { ScramClient } from '../../../src/lib/auth/scram-client.ts'
import { readGreeting, readProof } from '../../../src/lib/auth/scram-client-messages.ts'
import { ScramServer, scramCredential } from '../../../src/lib/auth/scram-server.ts'

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
    const { answer, login } = server.next(client.start())
    expect([login, server.claimed]).toEqual([undefined, 'a,b=c'])
    const end = server.next(client.next(answer) ?? Buffer.of())
    expect(client.next(end.answer)).toBeUndefined()
    expect(end.login).toEqual({ name: 'a,b=c' })
  })

  it('refuses another password, and tells the client no more than that', () => {
    const { client, server } = pair('SCRAM-SHA-256', 'another')
    const proof = client.next(server.next(client.start()).answer) ?? Buffer.of()
    const refusal = refusalOf(() => server.next(proof))
    expect(refusal).toMatchObject({ message: 'the password is another one' })
    expect(wordsTold(refusal)).toBeUndefined()
  })

  it('refuses a proof for a nonce of another exchange', () => {
    const { client, server } = pair('SCRAM-SHA-256', 'sécret ☃')
    const proof = client.next(server.next(client.start()).answer)?.toString().replace('r=abc', 'r=abd') ?? ''
    expect(() => server.next(Buffer.from(proof))).toThrow(/nonce/)
  })

  it.each([
    ['n,,n=nobody,r=abc', /nobody has no password for SCRAM-SHA-256/],
    ['n,,n=weak,r=abc', /too few iterations/],
    ['n,,n=token,r=abc,tokenauth=true', /no delegation token token/],
  ])('refuses %j without telling the client why', (message, reason) => {
    const refusal = refusalOf(() => pair('SCRAM-SHA-256', '').server.next(Buffer.from(message)))
    expect(refusal).toMatchObject({ message: expect.stringMatching(reason) })
    expect(wordsTold(refusal)).toBeUndefined()
  })

  it('refuses to act as somebody else, in words of Kafka', () => {
    const refusal = refusalOf(() =>
      pair('SCRAM-SHA-256', '').server.next(Buffer.from('n,a=b,n=a=2Cb=3Dc,r=n')),
    )
    expect(wordsTold(refusal)).toMatch(/an authorization id that is different from username/)
  })

  it.each([
    ...['', 'y,,n=user,r=abc', 'n,,n=user', 'n,,r=abc,n=user', 'n,,n=a=20b,r=abc', 'n,,n=ü,r=abc'],
    ...[
      'n,,n=a\0,r=abc',
      'n,,n=user,r=a b',
      'n,,n=user,r=abc,x=',
      'n,,n=user,r=abc,1=x',
      'n,,m=,n=user,r=abc',
    ],
  ])('refuses %j', (message) => {
    expect(() => readGreeting(Buffer.from(message))).toThrow(/no message of SCRAM/)
  })

  it('reads what may come later as Kafka does: what is reserved is not signed', () => {
    expect(readGreeting(Buffer.from('n,,m=more,n=user,r=abc,x=1=2,tokenauth=True'))).toEqual({
      ...{ username: 'user', authorizationId: '', isDelegationToken: true, nonce: 'abc' },
      bare: 'n=user,r=abc,x=1=2,tokenauth=True',
    })
    expect(readProof(Buffer.from('c=biws,r=abc,ext=1,p=AAAA'))).toEqual({
      ...{ nonce: 'abc', proof: Buffer.alloc(3), withoutProof: 'c=biws,r=abc' },
    })
  })

  it.each([
    '',
    'c=biws,r=abc',
    'c=biw,r=abc,p=AAAA',
    'c=biws,r=abc,p=AAA',
    'c=biws,r=a b,p=AAAA',
    'c=biws,r=abc,x,p=AAAA',
  ])('takes %j for no proof', (message) => {
    expect(() => readProof(Buffer.from(message))).toThrow(/no message of SCRAM/)
  })
})

function pair(mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512', password: string) {
  const client = new ScramClient(mechanism, { username: 'a,b=c', password }, 'abc')
  const known = new Map([
    ['a,b=c', scramCredential(mechanism, 'sécret ☃', Buffer.from('salt'), 4096)],
    ['weak', scramCredential(mechanism, 'weak', Buffer.from('salt'), 1)],
  ])
  return { client, server: new ScramServer(mechanism, { find: (name) => known.get(name), nonce: 'def' }) }
}

function refusalOf(run: () => unknown): unknown {
  try {
    run()
  } catch (refusal) {
    return refusal
  }
  return undefined
}
