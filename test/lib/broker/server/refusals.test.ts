import { describe, expect, it } from 'vitest'
import { apiVersions } from '../../../../src/lib/broker/apis/api-versions.ts'
import { handler } from '../../../../src/lib/broker/apis/handler.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { echo, echoRequest, serverRig } from './server-rig.ts'

const handlers = [
  apiVersions,
  echo(),
  handler(produce, () => ({ responses: [] })),
  handler(metadata, () => {
    throw new TypeError('nobody thought of this')
  }),
]

/** The first bytes of what was meant for somebody else; the rest never comes. */
const mistaken: readonly [what: string, hex: string, reason: string][] = [
  [
    'a TLS handshake',
    '16030100c8010000c40303',
    'TLS on a listener without TLS, which reads as a request of 369295616 bytes',
  ],
  [
    'an HTTP request',
    Buffer.from('GET / HTTP/1.1\r\n').toString('hex'),
    'HTTP on a listener of Kafka, which reads as a request of 1195725856 bytes',
  ],
  [
    'HTTP/2',
    Buffer.from('PRI * HTTP/2.0\r\n').toString('hex'),
    'HTTP on a listener of Kafka, which reads as a request of 1347569952 bytes',
  ],
  ['a negative length', 'ffffffff', 'a request of -1 bytes'],
  ['a length beyond the limit', '06400001', 'a request of 104857601 bytes'],
  ['no length at all', '00000000', 'a request of 0 bytes'],
  ['an unknown key', '0000100003e70000', 'API key 999 is not served here'],
  ['a version that is too new', '0000100000240063', 'SaslAuthenticate is not served at version 99'],
  ['a version that is only advertised', '0000100000000000', 'Produce is not served at version 0'],
  ['a client id beyond the request', '0000000c00240001000000017fff', 'a client id of 32767 bytes'],
]

describe('a server', () => {
  it.each(mistaken)('closes a connection on %s, with one line', async (_, hex, reason) => {
    const { connect, lines } = await serverRig(handlers)
    const link = connect()
    link.send(Buffer.from(hex, 'hex'), 1)
    expect(link.isDestroyed).toBe(true)
    expect(lines).toEqual([
      `warn closed a connection {"peer":"127.0.0.1:${link.peer.port}","reason":${JSON.stringify(reason)}}`,
    ])
  })

  it('closes a connection on a body that is cut short, once the answers before it have left', async () => {
    const { connect, lines } = await serverRig(handlers)
    const link = connect()
    link.isRead = false
    const broken = echoRequest(2, Buffer.from('cut'))
    broken.writeInt32BE(0x7fffffff, broken.length - 7)
    link.send(Buffer.concat([echoRequest(1, Buffer.from('fine')), broken]))
    link.catchUp()
    expect(link.answers().map(({ authBytes }) => String(authBytes))).toEqual(['fine'])
    expect(link.isDestroyed).toBe(true)
    expect(lines).toHaveLength(1)
  })

  it('writes no more lines than anyone can read, and counts the others', async () => {
    const { connect, clock, lines } = await serverRig(handlers)
    for (let i = 0; i < 1000; i++) connect().send(Buffer.from('ffffffff', 'hex'))
    expect(lines.length).toBeLessThan(50)
    clock.pass(1000)
    connect().send(Buffer.from('ffffffff', 'hex'))
    expect(lines).toContain(`warn closed more connections {"count":${1000 - lines.length + 2}}`)
  })

  it('answers ApiVersions of a version that nobody knows in the oldest one', async () => {
    const { connect } = await serverRig(handlers)
    const link = connect()
    link.send(Buffer.from('0000000b0012006300000007ffff00', 'hex'))
    expect(link.bytesWritten.toString('hex')).toBe('0000001000000007002300000001001200000004')
    expect(link.isDestroyed).toBe(false)
  })

  it('takes every negative length of a client id for null', async () => {
    const { connect } = await serverRig(handlers)
    const link = connect()
    const request = echoRequest(1, Buffer.from('x'))
    const clientId = Buffer.from(request)
    clientId.writeInt16BE(-2, 12)
    const withoutName = Buffer.concat([clientId.subarray(0, 14), clientId.subarray(18)])
    withoutName.writeInt32BE(withoutName.length - 4, 0)
    link.send(withoutName)
    expect(link.answers()).toHaveLength(1)
  })

  it('closes a connection whose request failed in a way that its answer has no word for', async () => {
    const { connect, lines } = await serverRig(handlers)
    const link = connect()
    link.send(Buffer.from('000000100003000100000007ffff00000000', 'hex').subarray(0, 18))
    link.send(Buffer.from('0000', 'hex'))
    expect(link.isDestroyed).toBe(true)
    expect(lines[0]).toMatch(/^error Metadata failed .*nobody thought of this/)
  })
})
