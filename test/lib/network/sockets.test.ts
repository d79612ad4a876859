import { describe, expect, it } from 'vitest'
import { socketNetwork } from '../../../src/lib/network/sockets.ts'
import { systemEventLoop } from '../../../src/lib/ports/event-loop.ts'
import type { Link, Listener, Network, Receiver } from '../../../src/lib/ports/network.ts'

const anyPort = { host: '127.0.0.1', port: 0 }

/** Takes bytes into a ring of its own, so small that one chunk can need several rooms. */
class Collector implements Receiver {
  drains = 0
  readonly closing = deferred<Error | undefined>()
  readonly #ring: Buffer
  readonly #parts: Buffer[] = []
  #sizeBytes = 0
  #wantedBytes = 0
  #enough = deferred<void>()

  constructor(ringBytes: number) {
    this.#ring = Buffer.alloc(ringBytes)
  }

  room(): Uint8Array {
    return this.#ring.subarray(this.#sizeBytes % this.#ring.length)
  }

  received(sizeBytes: number): void {
    this.#parts.push(Buffer.from(this.room().subarray(0, sizeBytes)))
    this.#sizeBytes += sizeBytes
    if (this.#sizeBytes >= this.#wantedBytes) this.#enough.resolve()
  }

  drained(): void {
    this.drains += 1
  }

  closed(cause?: Error): void {
    this.closing.resolve(cause)
  }

  async atLeast(sizeBytes: number): Promise<Buffer> {
    this.#wantedBytes = sizeBytes
    this.#enough = deferred<void>()
    if (this.#sizeBytes < sizeBytes) await this.#enough.promise
    return Buffer.concat(this.#parts)
  }
}

interface Pair {
  listener: Listener
  near: Collector
  far: Collector
  nearLink: Link
  farLink: Link
}

async function pair(network: Network, ringBytes = 16): Promise<Pair> {
  const [near, far] = [new Collector(ringBytes), new Collector(ringBytes)]
  const accepted = deferred<Link>()
  const listener = await network.listen(anyPort, (link) => {
    accepted.resolve(link)
    return far
  })
  const nearLink = await network.connect(listener.address, near)
  return { listener, near, far, nearLink, farLink: await accepted.promise }
}

describe.each([
  ['whose accepted sockets read into rooms', socketNetwork({ adoptsHandles: true, loop: systemEventLoop() })],
  ['whose accepted sockets are copied from', socketNetwork({ adoptsHandles: false, loop: null })],
])('a network %s', (_, network) => {
  it('carries bytes in order both ways, into the receivers’ own buffers', async () => {
    const { listener, near, far, nearLink, farLink } = await pair(network)
    const sent = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251))
    nearLink.write(sent)
    farLink.cork()
    farLink.write(sent.subarray(0, 500))
    farLink.write(sent.subarray(500))
    farLink.uncork()

    expect(await far.atLeast(1000)).toEqual(sent)
    expect(await near.atLeast(1000)).toEqual(sent)
    nearLink.end()
    expect(await far.closing.promise).toBeUndefined()
    expect(await near.closing.promise).toBeUndefined()
    await listener.close()
  })

  it('says when the peer is slower, and when to go on', async () => {
    const { listener, near, far, nearLink, farLink } = await pair(network, 1 << 16)
    farLink.pause()
    const block = Buffer.alloc(1 << 20)
    let blocks = 1
    while (nearLink.write(block) && blocks < 64) blocks += 1
    expect(near.drains).toBe(0)
    farLink.resume()

    expect(await far.atLeast(blocks << 20)).toHaveLength(blocks << 20)
    expect(near.drains).toBe(1)
    nearLink.destroy()
    await far.closing.promise
    await listener.close()
  })

  it('says when bytes have left, and when they never will', async () => {
    const { listener, far, nearLink, farLink } = await pair(network)
    const left = deferred<string>()
    nearLink.write(Buffer.from('hello'), () => left.resolve('left'))
    expect(await left.promise).toBe('left')
    expect(String(await far.atLeast(5))).toBe('hello')

    farLink.pause()
    const never = deferred<string>()
    nearLink.write(Buffer.alloc(64 << 20), () => never.resolve('given up'))
    nearLink.destroy()
    expect(await never.promise).toBe('given up')
    farLink.destroy()
    await listener.close()
  })

  it('tells when the other side has gone', async () => {
    const { listener, near, nearLink, farLink } = await pair(network)
    farLink.destroy()
    await near.closing.promise
    expect(nearLink.write(Buffer.from('late'))).toBe(false)
    await listener.close()
  })

  it('says why nobody can be reached', async () => {
    const { listener, nearLink } = await pair(network)
    nearLink.destroy()
    await listener.close()
    await expect(network.connect(listener.address, new Collector(16))).rejects.toMatchObject({
      code: 'connection-refused',
      message: `127.0.0.1:${listener.address.port}: nobody listens there`,
      exitCode: 5,
    })
  })

  it('gives up when it is told to', async () => {
    const { listener, nearLink } = await pair(network)
    const abort = new AbortController()
    const far = network.connect(listener.address, new Collector(16), { signal: abort.signal })
    abort.abort()
    await expect(far).rejects.toMatchObject({ code: 'connection-given-up' })
    nearLink.destroy()
    await listener.close()
  })

  it('refuses an address that is taken', async () => {
    const { listener, nearLink } = await pair(network)
    await expect(network.listen(listener.address, () => new Collector(16))).rejects.toMatchObject({
      code: 'address-in-use',
    })
    nearLink.destroy()
    await listener.close()
  })
})

interface Deferred<T> {
  promise: Promise<T>
  resolve(value: T): void
}

function deferred<T>(): Deferred<T> {
  let settle: ((value: T) => void) | undefined
  const promise = new Promise<T>((resolve) => {
    settle = resolve
  })
  return { promise, resolve: (value) => settle?.(value) }
}
