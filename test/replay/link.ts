import { connect, type Socket } from 'node:net'

export type Outcome = Buffer | 'connection closed' | 'silence'

/** A socket that sends whole frames and hands out the answers in their order. */
export class Link {
  readonly #socket: Socket
  readonly #waiting: ((outcome: Outcome) => void)[] = []
  #bytes = Buffer.alloc(0)
  isClosed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isClosed = true
      for (const wake of this.#waiting.splice(0)) wake('connection closed')
    })
  }

  /** Another address of this machine makes it somebody else, to a broker that looks at where clients are. */
  static open(port: number, localAddress = '127.0.0.1'): Promise<Link> {
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Link(socket)))
    })
  }

  /** Resolves with the answer to this frame; `silence` once nobody has answered for so long. */
  ask(frame: Uint8Array, patienceMs: number): Promise<Outcome> {
    const outcome = this.#next(patienceMs)
    if (!this.isClosed) this.#socket.write(frame)
    return outcome
  }

  /** As one write, so that none of them fails because a broker has hung up on the one before. */
  askTogether(frames: readonly Uint8Array[], patienceMs: number): Promise<Outcome[]> {
    const outcomes = frames.map(() => this.#next(patienceMs))
    if (!this.isClosed) this.#socket.write(Buffer.concat(frames))
    return Promise.all(outcomes)
  }

  #next(patienceMs: number): Promise<Outcome> {
    if (this.isClosed) return Promise.resolve('connection closed')
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const at = this.#waiting.indexOf(wake)
        if (at !== -1) this.#waiting.splice(at, 1)
        resolve('silence')
      }, patienceMs)
      const wake = (outcome: Outcome) => {
        clearTimeout(timer)
        resolve(outcome)
      }
      this.#waiting.push(wake)
    })
  }

  send(frame: Uint8Array): void {
    this.#socket.write(frame)
  }

  close(): void {
    this.isClosed = true
    this.#socket.destroy()
  }

  #received(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    while (this.#bytes.length >= 4) {
      const end = 4 + this.#bytes.readInt32BE(0)
      if (this.#bytes.length < end) return
      this.#waiting.shift()?.(this.#bytes.subarray(0, end))
      this.#bytes = this.#bytes.subarray(end)
    }
  }
}
