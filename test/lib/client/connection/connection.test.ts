import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Connection } from '../../../../src/lib/client/connection/connection.ts'
import { negotiate } from '../../../../src/lib/client/connection/negotiate.ts'
import { socketNetwork } from '../../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../../src/lib/ports/clock.ts'
import { apiVersions } from '../../../../src/lib/protocol/apis/api-versions.ts'
import { describeQuorum } from '../../../../src/lib/protocol/apis/describe-quorum.ts'
import { heartbeat } from '../../../../src/lib/protocol/apis/heartbeat.ts'
import { leaderAndIsr } from '../../../../src/lib/protocol/apis/leader-and-isr.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'

const clock = systemClock(() => process.hrtime())
const parts = {
  network: socketNetwork({ adoptsHandles: false, loop: null }),
  clock,
  clientId: 'test',
  tls: null,
}
const patienceMs = 5000
const software = { name: 'ktool', version: '0.0.0' }
const ended: (() => void)[] = []

afterEach(() => {
  for (const end of ended.splice(0)) end()
})

describe('a connection', () => {
  it('gives each question its own answer, in whatever order they come', async () => {
    const waiting: number[] = []
    const connection = await connected((id, reply) => {
      waiting.push(id)
      if (waiting.length === 3) for (const each of waiting.reverse()) reply(each, beat(each))
    })
    const answers = await Promise.all([0, 1, 2].map(() => connection.askAt(heartbeat, 0, member, patienceMs)))
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([1, 2, 3])
  })

  it('gives up on one question alone, and takes its late answer for no other', async () => {
    const connection = await connected((id, reply) => {
      if (id === 2) {
        reply(1, beat(11))
        reply(2, beat(22))
      }
    })
    const late = connection.askAt(heartbeat, 0, member, 60)
    await expect(late).rejects.toMatchObject({ code: 'request-timed-out', exitCode: 5 })
    expect((await connection.askAt(heartbeat, 0, member, patienceMs)).errorCode).toBe(22)
  })

  it('tells everyone who waits when the broker hangs up, and whoever asks later', async () => {
    const connection = await connected((id, _reply, socket) => {
      if (id === 2) socket.destroy()
    })
    const asked = [1, 2].map(() => connection.askAt(heartbeat, 0, member, patienceMs))
    const told = await Promise.allSettled([...asked, connection.askAt(heartbeat, 0, member, patienceMs)])
    expect(told.map((each) => (each.status === 'rejected' ? each.reason.code : each.value))).toEqual(
      told.map(() => 'connection-closed'),
    )
    expect(connection.isClosed).toBe(true)
  })

  it('says which broker answered what nobody can read', async () => {
    const connection = await connected((id, reply) => reply(id, Buffer.from('00', 'hex')))
    await expect(connection.askAt(heartbeat, 0, member, patienceMs)).rejects.toMatchObject({
      code: 'unreadable-answer',
      message: expect.stringMatching(/^the peer answered what cannot be read: Heartbeat response v0/),
    })
  })

  it('gives up on a broker that takes the connection and a port that takes none', async () => {
    const { port, close } = await listening(() => {})
    close()
    const peer = { host: '127.0.0.1', port, name: 'the peer' }
    await expect(Connection.open(peer, parts, patienceMs)).rejects.toMatchObject({
      code: 'connection-refused',
    })
    // A network that is only for documents: nobody answers there.
    const nowhere = { host: '192.0.2.1', port: 9092, name: 'broker 7 at 192.0.2.1:9092' }
    await expect(Connection.open(nowhere, parts, 80)).rejects.toMatchObject({ exitCode: 5 })
  })
})

describe('versions', () => {
  it('are those that a broker of today tells', async () => {
    const connection = await connected((id, reply) =>
      reply(id, apiVersions.response.encode({ apiKeys: rows([3, 0, 9], [55, 0, 2]) }, 4)),
    )
    await negotiate(connection, software, patienceMs)
    expect(connection.versions.of(metadata)).toBe(9)
    expect(connection.versions.of(metadata, { max: 7 })).toBe(7)
    expect(connection.versions.of(describeQuorum)).toBe(2)
    expect(connection.versions.has(metadata, { min: 10 })).toBe(false)
    expect(() => connection.versions.of(metadata, { min: 10 })).toThrow(
      'the peer serves Metadata at versions 0 to 9; this needs one of 10 to 13',
    )
    expect(() => connection.versions.of(heartbeat)).toThrow(
      'the peer cannot do this: it does not serve Heartbeat',
    )
  })

  it('tell a controller, which has nothing for clients, from a broker', async () => {
    const connection = await connected((id, reply) =>
      reply(id, apiVersions.response.encode({ apiKeys: rows([18, 0, 4], [55, 0, 2]) }, 4)),
    )
    await negotiate(connection, software, patienceMs)
    expect(() => connection.versions.of(metadata)).toThrow('the peer is no broker: it serves no Metadata')
  })

  it.each([
    ['with what it knows of the question', rows([18, 0, 2]), 2],
    ['with nothing, as before Kafka 2.4', [], 0],
  ])('are asked for once more where a broker refuses the question %s', async (_how, told, version) => {
    const asked: number[] = []
    const connection = await connected((id, reply, _socket, frame) => {
      const at = frame.readInt16BE(2)
      asked.push(at)
      const refusal = { errorCode: 35, apiKeys: told }
      const answer = { apiKeys: rows([3, 0, 7], [4, 0, 1], [18, 0, 2]) }
      reply(id, apiVersions.response.encode(at === 4 ? refusal : answer, at === 4 ? 0 : at))
    })
    await negotiate(connection, software, patienceMs)
    expect(asked).toEqual([4, version])
    expect(connection.versions.of(metadata)).toBe(7)
  })

  it.each(['', '00', '0000ffff'])('that nobody can read are told with who told them: %j', async (hex) => {
    const connection = await connected((id, reply) => reply(id, Buffer.from(hex, 'hex')))
    await expect(negotiate(connection, software, patienceMs)).rejects.toMatchObject({
      code: 'unreadable-answer',
      message: expect.stringMatching(/^the peer answered what cannot be read: /),
    })
  })

  it('that a newer broker has dropped are not asked for', async () => {
    const connection = await connected((id, reply) =>
      reply(id, apiVersions.response.encode({ apiKeys: rows([3, 20, 22], [4, 0, 7]) }, 4)),
    )
    await negotiate(connection, software, patienceMs)
    expect(() => connection.versions.of(metadata)).toThrow('at versions 20 to 22; this needs one of 0 to 13')
    expect(connection.versions.has(leaderAndIsr)).toBe(true)
  })
})

const member = { groupId: 'g', generationId: 1, memberId: 'm' }

function beat(errorCode: number): Buffer {
  return heartbeat.response.encode({ errorCode }, 0)
}

function rows(...told: [apiKey: number, minVersion: number, maxVersion: number][]) {
  return told.map(([apiKey, minVersion, maxVersion]) => ({ apiKey, minVersion, maxVersion }))
}

type Reply = (id: number, body: Buffer) => void
type Script = (id: number, reply: Reply, socket: Socket, frame: Buffer) => void

async function connected(script: Script): Promise<Connection> {
  const { port } = await listening((socket) => follow(socket, script))
  const connection = await Connection.open({ host: '127.0.0.1', port, name: 'the peer' }, parts, patienceMs)
  ended.push(() => connection.close())
  return connection
}

async function listening(accept: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    ended.push(() => socket.destroy())
    accept(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => void server.close()
  ended.push(close)
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close }
}

function follow(socket: Socket, script: Script): void {
  let held = Buffer.alloc(0)
  const reply: Reply = (id, body) => {
    const head = Buffer.alloc(8)
    head.writeInt32BE(4 + body.length)
    head.writeInt32BE(id, 4)
    socket.write(Buffer.concat([head, body]))
  }
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE()) {
      const frame = held.subarray(4, 4 + held.readInt32BE())
      held = held.subarray(4 + held.readInt32BE())
      script(frame.readInt32BE(4), reply, socket, frame)
    }
  })
}
