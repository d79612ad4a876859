import type { Address, Link, Listener, Network, Receiver } from '../../src/lib/ports/network.ts'
import type { SimClock } from './sim-clock.ts'
import type { SimRandom } from './sim-random.ts'

const HIGH_WATER_BYTES = 64 * 1024
const LEAST_DELAY_MS = 0.02
const MOST_DELAY_MS = 2

/** Links within one process: bytes arrive late, in order, and in other pieces than they were sent in. */
export class SimNetwork {
  readonly #clock: SimClock
  readonly #random: SimRandom
  readonly #listeners = new Map<number, (link: Link) => Receiver>()
  readonly #links: { readonly near: SimLink; readonly far: SimLink }[] = []
  #nextPort = 40_000

  constructor(clock: SimClock, random: SimRandom) {
    this.#clock = clock
    this.#random = random
  }

  network(): Network {
    return {
      connect: (to, receiver) => this.#connect(to, receiver),
      listen: (at, accept) => this.#listen(at, accept),
    }
  }

  /** The program that listened is gone, and its links with it. */
  cutAll(): void {
    this.#listeners.clear()
    for (const { near, far } of this.#links.splice(0)) {
      far.vanish()
      this.#clock.after(this.#delayMs(), () => near.close(new Error('the other program is gone')))
    }
  }

  async #listen(at: Address, accept: (link: Link) => Receiver): Promise<Listener> {
    const port = at.port === 0 ? this.#nextPort++ : at.port
    if (this.#listeners.has(port)) throw new Error(`port ${port} is taken`)
    this.#listeners.set(port, accept)
    const close = async () => void this.#listeners.delete(port)
    return { address: { host: at.host, port }, close }
  }

  async #connect(to: Address, receiver: Receiver): Promise<Link> {
    await new Promise<void>((resolve) => this.#clock.after(this.#delayMs(), resolve))
    const accept = this.#listeners.get(to.port)
    if (accept === undefined) throw new Error(`nobody listens on port ${to.port}`)
    const near = new SimLink(to, this.#clock, () => this.#delayMs(), this.#random)
    const far = new SimLink({ host: '127.0.0.1', port: 0 }, this.#clock, () => this.#delayMs(), this.#random)
    near.join(far, receiver)
    far.join(near, accept(far))
    this.#links.push({ near, far })
    return near
  }

  #delayMs(): number {
    return this.#random.between(LEAST_DELAY_MS, MOST_DELAY_MS)
  }
}

interface Piece {
  readonly bytes: Buffer
  readonly left: (() => void) | undefined
}

class SimLink implements Link {
  readonly peer: Address
  readonly #clock: SimClock
  readonly #delayMs: () => number
  readonly #random: SimRandom
  readonly #queue: Piece[] = []
  #queuedBytes = 0
  #other: SimLink | undefined
  #receiver: Receiver | undefined
  isPaused = false
  #isEnding = false
  #isOver = false
  #isMoving = false
  #wantsDrain = false

  constructor(peer: Address, clock: SimClock, delayMs: () => number, random: SimRandom) {
    this.peer = peer
    this.#clock = clock
    this.#delayMs = delayMs
    this.#random = random
  }

  join(other: SimLink, receiver: Receiver): void {
    this.#other = other
    this.#receiver = receiver
  }

  write(bytes: Uint8Array, left?: () => void): boolean {
    if (this.#isOver || this.#isEnding) {
      left?.()
      return false
    }
    this.#queue.push({ bytes: Buffer.from(bytes), left })
    this.#queuedBytes += bytes.length
    this.move()
    this.#wantsDrain = this.#queuedBytes > HIGH_WATER_BYTES
    return !this.#wantsDrain
  }

  cork(): void {}

  uncork(): void {}

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    this.#other?.move()
  }

  end(): void {
    this.#isEnding = true
    this.move()
  }

  destroy(): void {
    this.close()
    this.#clock.after(this.#delayMs(), () => this.#other?.close(new Error('the link was cut')))
  }

  /** Without telling the program at this end, which is gone. */
  vanish(): void {
    this.#isOver = true
    this.#receiver = undefined
  }

  /** One piece on its way at a time keeps them in order. */
  move(): void {
    const hasMore = this.#queue.length > 0 || this.#isEnding
    if (this.#isMoving || !hasMore || this.#isOver || this.#other?.isPaused === true) return
    this.#isMoving = true
    this.#clock.after(this.#delayMs(), () => {
      this.#isMoving = false
      this.#arrive()
      this.move()
    })
  }

  #arrive(): void {
    const other = this.#other
    if (other === undefined || other.#isOver || other.isPaused) return
    const piece = this.#queue.shift()
    if (piece === undefined) {
      if (this.#isEnding) this.#over(other)
      return
    }
    other.#take(piece.bytes)
    this.#queuedBytes -= piece.bytes.length
    piece.left?.()
    if (this.#wantsDrain && this.#queuedBytes === 0) {
      this.#wantsDrain = false
      this.#receiver?.drained()
    }
  }

  #take(bytes: Buffer): void {
    for (let done = 0; done < bytes.length && !this.#isOver; ) {
      const room = this.#receiver?.room()
      if (room === undefined) return
      const most = Math.min(room.length, bytes.length - done)
      const count = this.#random.isTrue(0.9) ? most : 1 + this.#random.below(most)
      room.set(bytes.subarray(done, done + count))
      done += count
      this.#receiver?.received(count)
    }
  }

  #over(other: SimLink): void {
    other.close()
    this.close()
  }

  close(cause?: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const { left } of this.#queue.splice(0)) left?.()
    this.#receiver?.closed(cause)
  }
}
