import { describe, expect, it } from 'vitest'
import { handler } from '../../../../src/lib/broker/apis/handler.ts'
import { saslAuthenticate } from '../../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { echo, echoRequest, serverRig } from './server-rig.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** The length and the first bytes of a request that stays unfinished. */
function unfinished(requestBytes: number, sentBytes: number): Buffer {
  const head = echoRequest(1, Buffer.alloc(0))
  const bytes = Buffer.concat([head, Buffer.alloc(Math.max(0, sentBytes - head.length))], sentBytes)
  bytes.writeInt32BE(requestBytes, 0)
  return bytes
}

describe('the memory for requests', () => {
  it('grows with the bytes received, not with those that were promised', async () => {
    const { server, connect } = await serverRig([echo()])
    for (let i = 0; i < 100; i++) connect().send(unfinished(50 * MIB, 20))
    expect(server.requestBytes).toBeLessThanOrEqual(100 * 16 * KIB)
    connect().send(unfinished(50 * MIB, 100 * KIB))
    expect(server.requestBytes).toBeLessThanOrEqual(100 * 16 * KIB + 512 * KIB)
  })

  it('has one limit for all connections, behind which those who need none are still served', async () => {
    const { server, connect } = await serverRig([echo()], { requestMemoryBytes: 8 * MIB })
    const greedy = Array.from({ length: 100 }, () => connect())
    for (const link of greedy) link.send(unfinished(50 * MIB, 4 * MIB), 64 * KIB)
    expect(server.requestBytes).toBeLessThan(24 * MIB)
    const modest = connect()
    modest.send(echoRequest(1, Buffer.from('small')))
    expect(modest.answers()).toHaveLength(1)
  })

  it('goes to those who wait for it as soon as others leave', async () => {
    const { connect } = await serverRig([echo()], { requestMemoryBytes: 2 * MIB })
    const [first, second] = [connect(), connect()]
    first.send(unfinished(3 * MIB, 2 * MIB + 1), 256 * KIB)
    second.send(echoRequest(1, Buffer.alloc(MIB)), 256 * KIB)
    expect(second.isPaused).toBe(true)
    first.destroy()
    expect(second.isPaused).toBe(false)
    second.deliver()
    expect(second.answers()).toHaveLength(1)
  })

  it('is taken from who waits for too long, so that nobody waits for ever', async () => {
    const { clock, connect, lines, server } = await serverRig([echo()], { requestMemoryBytes: MIB })
    const links = Array.from({ length: 4 }, () => connect())
    for (const link of links) link.send(unfinished(4 * MIB, 3 * MIB), 128 * KIB)
    for (let i = 0; i < 10; i++) {
      clock.pass(10_000)
      for (const link of links) link.deliver()
    }
    expect(links.every(({ isDestroyed }) => isDestroyed)).toBe(true)
    expect(lines.every((line) => line.includes('no memory was left for its request'))).toBe(true)
    expect(server.requestBytes).toBe(0)
  })

  it('holds the copies of requests that wait for their answer', async () => {
    let answer: (bytes: Buffer) => void = () => {}
    const { server, connect } = await serverRig([
      echo(
        () =>
          new Promise<Buffer>((resolve) => {
            answer = resolve
          }),
      ),
    ])
    connect().send(echoRequest(1, Buffer.alloc(100 * KIB)))
    expect(server.requestBytes).toBeGreaterThan(100 * KIB)
    answer(Buffer.alloc(0))
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.requestBytes).toBe(0)
  })

  it('is not held by requests that are never answered, once their client is gone', async () => {
    const { server, connect } = await serverRig([echo(() => new Promise<Buffer>(() => {}))])
    const link = connect()
    link.send(echoRequest(1, Buffer.alloc(100 * KIB)))
    expect(server.requestBytes).toBeGreaterThan(100 * KIB)
    link.destroy()
    expect(server.requestBytes).toBe(0)
  })
})

describe('the memory for answers', () => {
  it('is shared: the more that others do not read, the less is fair, and never nothing', async () => {
    const fair: number[] = []
    const greedy = handler(saslAuthenticate, (_, context) => {
      const { fairBytes } = context
      fair.push(fairBytes)
      return { authBytes: context.borrow(fairBytes) }
    })
    const { connect } = await serverRig([greedy], { answerMemoryBytes: 4 * MIB })
    const [slow, slower] = [connect(), connect()]
    for (const link of [slow, slower]) {
      link.isRead = false
      link.send(echoRequest(1, Buffer.alloc(0)))
    }
    slow.catchUp()
    connect().send(echoRequest(1, Buffer.alloc(0)))
    expect(fair).toEqual([4 * MIB, 64 * KIB, 4 * MIB - 64 * KIB])
  })
})

describe('a connection that idles', () => {
  it('is closed after a while, and one that waits for an answer is not', async () => {
    const { clock, connect } = await serverRig(
      [echo((bytes) => (bytes.length === 0 ? new Promise<Buffer>(() => {}) : bytes))],
      { maxIdleMs: 10_000 },
    )
    const [idle, waiting, active] = [connect(), connect(), connect()]
    waiting.send(echoRequest(1, Buffer.alloc(0)))
    for (let i = 1; i <= 4; i++) {
      clock.pass(4000)
      active.send(echoRequest(i, Buffer.from('x')))
    }
    expect([idle, waiting, active].map(({ isDestroyed }) => isDestroyed)).toEqual([true, false, false])
  })

  it('stays where none is to be closed, which Kafka spells −1', async () => {
    const { clock, connect } = await serverRig([echo()], { maxIdleMs: -1 })
    const idle = connect()
    for (let i = 0; i < 4; i++) clock.pass(3_600_000)
    expect(idle.isDestroyed).toBe(false)
  })
})

describe('a server that stops', () => {
  it('answers what is under way, takes nothing more, and closes', async () => {
    let answer: (bytes: Buffer) => void = () => {}
    const { server, connect } = await serverRig([
      echo((bytes) =>
        bytes.length === 0
          ? new Promise<Buffer>((resolve) => {
              answer = resolve
            })
          : bytes,
      ),
    ])
    const [idle, busy] = [connect(), connect()]
    busy.send(Buffer.concat([echoRequest(1, Buffer.alloc(0)), echoRequest(2, Buffer.from('too late'))]))
    const stopped = server.stop(1000)
    expect(idle.isDestroyed).toBe(true)
    answer(Buffer.from('done'))
    await stopped
    expect(busy.answers().map(({ authBytes }) => String(authBytes))).toEqual(['done'])
    expect(busy.isDestroyed).toBe(true)
  })

  it('keeps no time running for clients that have read their last answer', async () => {
    const { server, clock, connect } = await serverRig([echo()])
    const slow = connect()
    slow.isRead = false
    slow.send(echoRequest(1, Buffer.from('last')))
    const stopped = server.stop(1000)
    expect([slow.isEnded, slow.isDestroyed]).toEqual([true, false])
    slow.catchUp()
    await stopped
    expect([slow.isDestroyed, clock.pending]).toEqual([true, 0])
  })

  it('cuts what takes longer than it has patience', async () => {
    const { server, clock, connect } = await serverRig([echo(() => new Promise<Buffer>(() => {}))])
    const link = connect()
    link.send(echoRequest(1, Buffer.from('x')))
    const stopped = server.stop(1000)
    clock.pass(999)
    expect(link.isDestroyed).toBe(false)
    clock.pass(1)
    await stopped
    expect(link.isDestroyed).toBe(true)
  })

  it('tells those who wait on behalf of a client', async () => {
    const signals: AbortSignal[] = []
    const poll = handler(saslAuthenticate, (_, { connection }) => {
      signals.push(connection.gone)
      return new Promise((resolve) =>
        connection.gone.addEventListener('abort', () => resolve({ errorMessage: 'bye' })),
      )
    })
    const { server, connect } = await serverRig([poll])
    const link = connect()
    link.send(echoRequest(1, Buffer.from('x')))
    expect(signals[0]?.aborted).toBe(false)
    await server.stop(1000)
    expect(signals[0]?.aborted).toBe(true)
    expect(link.answers()).toHaveLength(1)
  })
})
