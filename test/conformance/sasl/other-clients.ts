import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { ScramClient } from '../../../src/lib/auth/scram-client.ts'
import { saslAuthenticate } from '../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../../src/lib/protocol/apis/sasl-handshake.ts'
import { Connection } from '../wire/connection.ts'
import { DENIED, OPEN } from './client-wishes.ts'
import { PASSWORD } from './conversation.ts'
import { type ListenerName, type SecurePair, stores } from './secure-pair.ts'

const authority = `${stores}authority.pem`
const [certificate, key] = [`${stores}client.pem`, `${stores}client.key`]
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
const userOf = (mechanism: string) => (mechanism === 'PLAIN' ? 'bob' : 'dora')

/** What franz-go tries at one of the two, a line of JSON each. */
export function goWishes(pair: SecurePair, broker: number): string {
  const at = (name: ListenerName) => ({ bootstrap: `127.0.0.1:${pair.ports(name)[broker]}`, topic: OPEN })
  const wishes = mechanisms.flatMap((mechanism) => {
    const who = { mechanism, user: userOf(mechanism), password: PASSWORD }
    return [
      { ...at('SASL'), ...who },
      { ...at('SASLTLS'), ...who, authority },
      { ...at('SASL'), ...who, password: 'wrong' },
      { ...at('SASL'), ...who, topic: DENIED },
    ]
  })
  const byTls = [
    { ...at('TLS'), authority },
    { ...at('MTLS'), authority, certificate, key },
    { ...at('MTLS'), authority, certificate, key, topic: DENIED },
  ]
  return [...wishes, ...byTls].map((wish) => `${JSON.stringify(wish)}\n`).join('')
}

/** What kcat tries: the settings of each, those that get in first. */
export function kcatWishes(pair: SecurePair, broker: number): string[][] {
  const at = (name: ListenerName) => ['-b', `127.0.0.1:${pair.ports(name)[broker]}`]
  const set = (settings: Record<string, string>) =>
    Object.entries(settings).flatMap(([name, value]) => ['-X', `${name}=${value}`])
  const plain = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN', 'sasl.username': 'bob' }
  const good = { ...plain, 'sasl.password': PASSWORD }
  const tls = { 'security.protocol': 'SSL', 'ssl.ca.location': authority }
  const known = { ...tls, 'ssl.certificate.location': certificate, 'ssl.key.location': key }
  return [
    ['-t', OPEN, ...at('SASL'), ...set(good)],
    ['-t', OPEN, ...at('SASLTLS'), ...set({ ...good, ...tls, 'security.protocol': 'SASL_SSL' })],
    ['-t', OPEN, ...at('MTLS'), ...set(known)],
    ['-t', OPEN, ...at('SASL'), ...set({ ...plain, 'sasl.password': 'wrong' })],
    [
      '-t',
      OPEN,
      ...at('SASL'),
      ...set({ ...good, 'sasl.username': 'dora', 'sasl.mechanism': 'SCRAM-SHA-256' }),
    ],
    ['-t', DENIED, ...at('SASL'), ...set(good)],
  ]
}

/** Produces a record by kcat: `done`, or what stands in its way. */
export async function kcat(args: readonly string[]): Promise<string> {
  const { status, stderr } = await ran(
    'kcat',
    ['-P', '-X', 'message.timeout.ms=5000', ...args],
    'from kcat\n',
  )
  if (status === 0) return 'done'
  return /(?:SASL|Broker: Topic) auth[^:(]*(?:: [^:(]*)?/.exec(stderr)?.[0].trim() ?? stderr
}

export async function outputOf(program: string, input: string): Promise<string> {
  return (await ran(program, [], input)).stdout
}

async function ran(program: string, args: readonly string[], input: string) {
  const child = spawn(program, args)
  child.stdin.on('error', () => {}).end(input)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { status, stdout, stderr }
}

/** A connection that has logged in by SCRAM-SHA-256, or has not. */
export async function scramLogin(
  port: number,
  username: string,
): Promise<{ link: Connection; errorCode: number }> {
  const link = await Connection.open(port)
  await link.ask(saslHandshake, 1, { mechanism: 'SCRAM-SHA-256' })
  const client = new ScramClient('SCRAM-SHA-256', { username, password: PASSWORD }, 'nonce')
  const { errorCode, authBytes } = await link.ask(saslAuthenticate, 2, { authBytes: client.start() })
  if (errorCode !== 0) return { link, errorCode }
  const proof = client.next(Buffer.from(authBytes)) ?? Buffer.of()
  return { link, errorCode: (await link.ask(saslAuthenticate, 2, { authBytes: proof })).errorCode }
}
