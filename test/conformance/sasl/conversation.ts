import { createHash, createHmac } from 'node:crypto'
import type { Api } from '../../../src/lib/protocol/api.ts'
import { apiVersions } from '../../../src/lib/protocol/apis/api-versions.ts'
import { createTopics } from '../../../src/lib/protocol/apis/create-topics.ts'
import { describeCluster } from '../../../src/lib/protocol/apis/describe-cluster.ts'
import { describeGroups } from '../../../src/lib/protocol/apis/describe-groups.ts'
import { findCoordinator } from '../../../src/lib/protocol/apis/find-coordinator.ts'
import { heartbeat } from '../../../src/lib/protocol/apis/heartbeat.ts'
import { initProducerId } from '../../../src/lib/protocol/apis/init-producer-id.ts'
import { listGroups } from '../../../src/lib/protocol/apis/list-groups.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { saslAuthenticate } from '../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../../src/lib/protocol/apis/sasl-handshake.ts'
import { requestHeader } from '../../../src/lib/protocol/headers.ts'
import { pick } from '../../replay/random-world.ts'
import { mutation } from './mutations.ts'

/** What a client says next: bytes with their length in front, from what it was answered last. */
export interface Step {
  readonly name: string
  frame(lastAnswer: string): Buffer
}

/** Of all who are told apart by their mechanism alone. */
export const salt = Buffer.from('salt-of-all-users')
export const saltedPassword = (hash: string) => createHash(hash).update('salted').digest()
export const mechanisms = [
  ['SCRAM-SHA-256', 'sha256'],
  ['SCRAM-SHA-512', 'sha512'],
] as const
export const users = ['alice', 'a,b=c']
export const PASSWORD = 'secret'

type Draw = () => number
type Token = (lastAnswer: string) => Buffer

const NONCE = 'fyko+d2lbbFgONRv9qkxdawL'

/** A login as it is, or with something wrong somewhere, and what comes after it. */
export function conversation(draw: Draw, renews: boolean): Step[] {
  const steps = login(draw)
  if (draw() < 0.15) steps.splice(-1, 0, strange(draw))
  if (renews) steps.push(...login(draw), ...login(draw))
  steps.push(...afterwards(draw))
  if (draw() < 0.15) steps.splice(Math.floor(draw() * steps.length), 1)
  if (draw() < 0.1) steps.splice(Math.floor(draw() * steps.length), 0, pick(draw, steps))
  if (draw() < 0.4) return steps
  const at = Math.floor(draw() ** 1.5 * steps.length)
  const { name, mutate } = mutation(draw)
  return steps.map((step, i) =>
    i === at ? { name: `${step.name} with ${name}`, frame: (last) => mutate(step.frame(last)) } : step,
  )
}

function login(draw: Draw): Step[] {
  const steps: Step[] = []
  if (draw() < 0.4) steps.push(versions(draw))
  const mechanism = pick(draw, ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'SCRAM-SHA-256'])
  const asked = draw() < 0.08 ? pick(draw, ['GSSAPI', '', 'plain', 'OAUTHBEARER']) : mechanism
  const version = draw() < 0.3 ? 0 : 1
  steps.push(request(saslHandshake, version, { mechanism: asked }))
  const tokens = mechanism === 'PLAIN' ? [plainToken(draw)] : scramTokens(draw, mechanism)
  const isRaw = draw() < 0.05 ? version === 1 : version === 0
  const framed = Math.floor(draw() * 3)
  for (const token of tokens) steps.push(isRaw ? raw(token) : authenticate(framed, token))
  return steps
}

function afterwards(draw: Draw): Step[] {
  return [
    request(metadata, 12, { topics: [] }),
    pick(draw, [
      request(saslAuthenticate, 2, { authBytes: Buffer.from('again') }),
      request(saslHandshake, 1, { mechanism: 'PLAIN' }),
      request(apiVersions, 3, { clientSoftwareName: 'a', clientSoftwareVersion: '1' }),
    ]),
    request(metadata, 9, { topics: [] }),
  ]
}

/** Out of place before the last message of a login. */
function strange(draw: Draw): Step {
  const topics = [{ name: 'orders' }, { name: 'payments' }]
  return pick(draw, [
    request(metadata, 12, { topics }),
    request(findCoordinator, 0, { key: 'a' }),
    request(describeCluster, 1, {}),
    request(listGroups, 4, {}),
    request(describeGroups, 5, { groups: ['a', 'b'] }),
    request(createTopics, 7, { topics: [{ name: 'orders', numPartitions: 1, replicationFactor: 1 }] }),
    request(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 }),
    request(heartbeat, 4, { groupId: 'a', generationId: 1, memberId: 'm' }),
    request(apiVersions, 3, { clientSoftwareName: 'a', clientSoftwareVersion: '1' }),
    request(saslHandshake, 1, { mechanism: 'PLAIN' }),
  ])
}

function versions(draw: Draw): Step {
  const version = Math.floor(draw() * 5)
  const clientSoftwareName = draw() < 0.1 ? '-nobody' : 'conversation'
  return request(apiVersions, version, version < 3 ? {} : { clientSoftwareName, clientSoftwareVersion: '1' })
}

function plainToken(draw: Draw): Token {
  const [name = ''] = users
  const odd = [
    `\0${name}\0wrong`,
    '\0nobody\0wrong',
    `\0\0${PASSWORD}`,
    `\0${name}\0`,
    `${name}\0${name}\0${PASSWORD}`,
    `bob\0${name}\0${PASSWORD}`,
    `bob\0${name}\0wrong`,
    `\0${name}\0${PASSWORD}\0`,
    `\0${name}\0${PASSWORD}\0more\0and more`,
    name,
    '',
    `\0${name}`,
    `\0a,b=c\0${PASSWORD}`,
  ]
  const text = draw() < 0.5 ? `\0${name}\0${PASSWORD}` : pick(draw, odd)
  return () => Buffer.from(text)
}

const coded = (name: string) => name.replaceAll('=', '=3D').replaceAll(',', '=2C')

function scramTokens(draw: Draw, mechanism: string): Token[] {
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  const name = coded(pick(draw, users))
  const header =
    draw() < 0.75 ? 'n,,' : pick(draw, [`n,a=${name},`, 'n,a=bob,', 'y,,', 'p=x,,', 'n,a=,', ',', ''])
  const before = draw() < 0.95 ? '' : pick(draw, ['m=more,', 'm=,'])
  const said = draw() < 0.8 ? name : pick(draw, ['nobody', '', 'a=b', 'a=2Db', 'é', 'a\u0001', 'a\0'])
  const nonce = draw() < 0.9 ? NONCE : pick(draw, ['', 'with space', 'é', '\u007f', 'n=1'])
  const extensions =
    draw() < 0.75
      ? ''
      : pick(draw, [
          ',tokenauth=true',
          ',tokenauth=false',
          ',x=',
          ',x=1,y=2',
          ',x',
          ',',
          ',x=1=2',
          ',1=2',
          ',x=1,x=2',
          ',x= 1 ',
        ])
  const bare = `n=${said},r=${nonce}${extensions}`
  return [() => Buffer.from(`${header}${before}${bare}`), finalToken(draw, hash, bare)]
}

/** RFC 5802, right or nearly so. */
function finalToken(draw: Draw, hash: string, bare: string): Token {
  const binding = draw() < 0.8 ? 'biws' : pick(draw, ['eSws', '', 'biw', 'bi==', '====', 'b!ws'])
  const more = draw() < 0.85 ? '' : pick(draw, [',x=1', ',m=1', ',x=', ',xx=1', ',x'])
  const isWrong = draw() < 0.15
  const ending = draw() < 0.85 ? '' : pick(draw, [',x=1', ',', '=', '\0', '\n', ' '])
  const nonceTail = draw() < 0.9 ? '' : 'x'
  const signsMore = draw() < 0.5
  const isShort = draw() < 0.05
  return (challenge) => {
    const [, nonce = 'none'] = /r=([^,]*),s=/.exec(challenge) ?? []
    const salted = isWrong ? Buffer.alloc(32) : saltedPassword(hash)
    const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest()
    const clientKey = hmac(salted, 'Client Key')
    const message = `c=${binding},r=${nonce}${nonceTail}`
    const [serverFirst = ''] = /r=[^,]*,s=[^,]*,i=\d+/.exec(challenge) ?? []
    const all = `${bare},${serverFirst},${message}${signsMore ? more : ''}`
    const signature = hmac(createHash(hash).update(clientKey).digest(), all)
    const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))
    const said = Buffer.from(isShort ? proof.subarray(0, 3) : proof).toString('base64')
    return Buffer.from(`${message}${more},p=${said}${ending}`)
  }
}

function authenticate(version: number, token: Token): Step {
  const frame = (last: string) => requestFrame(saslAuthenticate, version, { authBytes: token(last) })
  return { name: `SaslAuthenticate v${version}`, frame }
}

function raw(token: Token): Step {
  return { name: 'a token', frame: (last) => sized(token(last)) }
}

function request(api: Api, version: number, body: object): Step {
  const bytes = requestFrame(api, version, body)
  return { name: `${api.name} v${version}`, frame: () => bytes }
}

function requestFrame(api: Api, version: number, body: object): Buffer {
  const fields = { requestApiKey: api.key, requestApiVersion: version, correlationId: 7, clientId: 'c' }
  const header = requestHeader.encode(fields, api.requestHeaderVersion(version))
  return sized(Buffer.concat([header, api.request.encode(body as never, version)]))
}

export function sized(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
