import { describe, expect, it } from 'vitest'
import { handler, neverAnswered } from '../../../../src/lib/broker/apis/handler.ts'
import { saslAuthenticate } from '../../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { echo, echoRequest, idleNode, serverRig } from './server-rig.ts'

const seed = seedOfRun()

/** Bytes that are nowhere the same. */
function pattern(sizeBytes: number, salt: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes)
  let state = salt | 1
  for (let i = 0; i < sizeBytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** From a few bytes up to all at once, and never so many pieces that the test takes long. */
function pieceBytes(sizeBytes: number, draw: () => number): number {
  return Math.max(1 + (sizeBytes >> 5), Math.floor(sizeBytes * draw() ** 4))
}

describe('a connection', () => {
  it('answers requests in their order, however slow the first one is', async () => {
    let answerFirst: (bytes: Buffer) => void = () => {}
    const first = new Promise<Buffer>((resolve) => {
      answerFirst = resolve
    })
    const { connect } = await serverRig([echo((bytes) => (bytes.length === 1 ? first : bytes))])
    const link = connect()
    link.send(
      Buffer.concat([
        echoRequest(1, Buffer.from('a')),
        echoRequest(2, Buffer.from('bb')),
        echoRequest(3, Buffer.from('cc')),
      ]),
    )
    expect(link.answers()).toEqual([])
    answerFirst(Buffer.from('late'))
    await first
    await turn()
    expect(link.answers().map(({ correlationId, authBytes }) => [correlationId, String(authBytes)])).toEqual([
      [1, 'late'],
      [2, 'bb'],
      [3, 'cc'],
    ])
  })

  it('answers nothing behind a request that Kafka loses', async () => {
    const { connect } = await serverRig([
      handler(saslAuthenticate, ({ authBytes }) => {
        return String(authBytes) === 'lost' ? neverAnswered : { authBytes: Buffer.from(authBytes) }
      }),
    ])
    const [link, other] = [connect(), connect()]
    const requests = ['a', 'lost', 'c'].map((text, i) => echoRequest(i, Buffer.from(text)))
    link.send(Buffer.concat(requests))
    link.send(echoRequest(3, Buffer.from('d')))
    other.send(echoRequest(4, Buffer.from('e')))
    expect(link.answers().map(({ correlationId }) => correlationId)).toEqual([0])
    expect(other.answers().map(({ correlationId }) => correlationId)).toEqual([4])
  })

  it.each([true, false])(
    `gives each request its own bytes, in place or not (%s), seed ${seed}`,
    async (isInPlace) => {
      const draw = randomDraw(seed)
      const waiting: (() => void)[] = []
      const answer = (bytes: Buffer) => {
        if (isInPlace || draw() < 0.5) return Buffer.from(bytes)
        return new Promise<Buffer>((resolve) => waiting.push(() => resolve(Buffer.from(bytes))))
      }
      const { connect } = await serverRig([echo(answer, { isInPlace })], { requestMemoryBytes: 3 << 20 })
      const clients = Array.from({ length: 4 }, () => ({ link: connect(), sent: [] as Buffer[] }))
      for (let round = 0; round < 40; round++) {
        for (const { link, sent } of clients) {
          const requests = Array.from({ length: 1 + Math.floor(draw() * 6) }, () => {
            const bytes = pattern(Math.floor(2 ** (draw() * 17)), round * 31 + sent.length)
            return echoRequest(sent.push(bytes), bytes)
          })
          const bytes = Buffer.concat(requests)
          link.send(bytes, pieceBytes(bytes.length, draw))
        }
        if (draw() < 0.7) waiting.splice(Math.floor(draw() * waiting.length), 1)[0]?.()
        await turn()
      }
      const isDone = () => clients.every(({ link, sent }) => link.answerCount >= sent.length)
      for (let patience = 0; !isDone() && patience < 1000; patience++) {
        for (const resolve of waiting.splice(0)) resolve()
        for (const { link } of clients) link.deliver(3)
        await turn()
      }
      for (const { link, sent } of clients)
        expect(
          link.answers().every(({ correlationId, authBytes }) => sent[correlationId - 1]?.equals(authBytes)),
        ).toBe(true)
      expect(isDone()).toBe(true)
    },
  )

  it('reads on only so far while a request waits', async () => {
    const { connect } = await serverRig([echo(() => new Promise<Buffer>(() => {}))])
    const link = connect()
    const request = echoRequest(1, Buffer.alloc(1000))
    link.send(Buffer.concat(Array.from({ length: 1000 }, () => request)), 4096)
    expect(link.isPaused).toBe(true)
    expect(link.undelivered).toBeGreaterThan(200)
  })

  it('is answered once the node has opened, and read only so far until then', async () => {
    const { server, connect } = await serverRig([echo()], { isOpen: false })
    const link = connect()
    const requests = Array.from({ length: 200 }, (_, i) => echoRequest(i + 1, Buffer.alloc(1000)))
    link.send(Buffer.concat(requests), 4096)
    expect(link.answerCount).toBe(0)
    expect(link.isPaused).toBe(true)
    server.serve(idleNode)
    expect(link.isPaused).toBe(false)
    link.deliver()
    expect(link.answerCount).toBe(200)
  })

  it('does not answer a client further that does not read', async () => {
    let answered = 0
    const { connect } = await serverRig([
      echo((bytes) => {
        answered++
        return bytes
      }),
    ])
    const link = connect()
    link.isRead = false
    for (let i = 1; i <= 50; i++) link.send(echoRequest(i, Buffer.alloc(100)))
    expect(answered).toBe(1)
    link.catchUp()
    expect(answered).toBe(50)
    expect(link.answers()).toHaveLength(50)
  })

  it('lends room for an answer until the answer has left', async () => {
    const lent: Buffer[] = []
    const lending = handler(saslAuthenticate, (request, context) => {
      const room = context.borrow(20_000).fill(request.authBytes)
      lent.push(room)
      return { authBytes: room }
    })
    const { connect } = await serverRig([lending])
    const [slow, quick] = [connect(), connect()]
    slow.isRead = false
    slow.send(echoRequest(1, Buffer.from('s')))
    quick.send(echoRequest(1, Buffer.from('q')))
    quick.send(echoRequest(2, Buffer.from('r')))
    slow.catchUp()
    expect(lent[1]?.buffer).not.toBe(lent[0]?.buffer)
    expect(lent[2]?.buffer).toBe(lent[1]?.buffer)
    expect(slow.answers()[0]?.authBytes.equals(Buffer.alloc(20_000, 's'))).toBe(true)
    expect(quick.answers().map(({ authBytes }) => authBytes.equals(Buffer.alloc(20_000, 'q')))).toEqual([
      true,
      false,
    ])
  })
})

/** Promises that are due have been dealt with. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
