import { describe, expect, it } from 'vitest'
import { FrameInlet } from '../../../../src/lib/client/connection/frame-inlet.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'

const MIB = 1024 * 1024
const seed = seedOfRun()

describe(`bytes of a broker, cut into frames, seed ${seed}`, () => {
  it('are the frames that were sent, however they arrive', () => {
    const draw = randomDraw(seed)
    const sizes = Array.from({ length: 60 }, (_, i) => 4 + Math.floor(draw() * (i % 7 === 0 ? 300_000 : 900)))
    const sent = sizes.map((size, i) => Buffer.alloc(size, i))
    const got: Buffer[] = []
    const inlet = new FrameInlet((frame) => got.push(frame))
    feed(inlet, Buffer.concat(sent.map(framed)), () => 1 + Math.floor(draw() * 70_000))
    expect(got.map((frame) => [frame.length, frame[0], frame.at(-1)])).toEqual(
      sent.map((frame) => [frame.length, frame[0], frame.at(-1)]),
    )
  })

  it('stay what they were when later ones have come', () => {
    const got: Buffer[] = []
    const inlet = new FrameInlet((frame) => got.push(frame))
    for (let i = 0; i < 300; i += 1) feed(inlet, framed(Buffer.alloc(1000, i)), () => 700)
    expect(got.map((frame) => frame.every((byte) => byte === frame[0]))).toEqual(got.map(() => true))
    expect(got.map((frame) => frame[0])).toEqual(Array.from({ length: 300 }, (_, i) => i % 256))
  })

  it('take memory as they come, and not as they promise', () => {
    const inlet = new FrameInlet(() => undefined)
    const promise = Buffer.alloc(4)
    promise.writeInt32BE(200 * MIB)
    feed(inlet, promise, () => 4)
    expect(inlet.room().length).toBeLessThan(5 * MIB)
    feed(inlet, Buffer.alloc(9 * MIB), () => 64 * 1024)
    expect(inlet.room().length).toBeLessThan(20 * MIB)
  })

  it.each([
    ['15030300020250', 'tls-port'],
    ['160303004a02', 'tls-port'],
    [Buffer.from('HTTP/1.1 400 Bad Request').toString('hex'), 'http-port'],
    [Buffer.from('SSH-2.0-OpenSSH_9.6').toString('hex'), 'ssh-port'],
    ['ffffffff', 'no-answer-of-kafka'],
    ['00000003', 'no-answer-of-kafka'],
    ['7fffffff', 'no-answer-of-kafka'],
  ])('that begin with %s are refused as %s', (hex, code) => {
    const inlet = new FrameInlet(() => undefined)
    expect(() => feed(inlet, Buffer.from(hex, 'hex'), () => 100)).toThrow(expect.objectContaining({ code }))
  })
})

function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function feed(inlet: FrameInlet, bytes: Buffer, pieceBytes: () => number): void {
  for (let at = 0; at < bytes.length; ) {
    const room = inlet.room()
    const piece = bytes.subarray(at, at + Math.min(room.length, pieceBytes()))
    room.set(piece)
    inlet.received(piece.length)
    at += piece.length
  }
}
