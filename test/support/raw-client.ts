import { connect, type Socket } from 'node:net'

export type Outcome = 'answer' | 'closed' | 'silence'

/** A broker that waits for something, such as more members of a group, says nothing for a while. */
const PATIENCE_MS = 40

/** Sends frames, and says what became of them. */
export class RawClient {
  readonly #socket: Socket
  #heard: (outcome: Outcome) => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', () => this.#heard('answer'))
    socket.on('close', () => this.#heard('closed'))
    socket.on('error', () => {})
  }

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => resolve(new RawClient(socket)))
    })
  }

  outcome(frame: Buffer, patienceMs = PATIENCE_MS): Promise<Outcome> {
    return orSilence(this.ask(frame), patienceMs)
  }

  /** Waits for as long as it takes. */
  ask(frame: Buffer): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#heard = resolve
      const length = Buffer.alloc(4)
      length.writeInt32BE(frame.length)
      this.#socket.write(Buffer.concat([length, frame]))
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}

export async function orSilence(heard: Promise<Outcome>, patienceMs = PATIENCE_MS): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve('silence'), patienceMs)
  })
  try {
    return await Promise.race([heard, silence])
  } finally {
    clearTimeout(timer)
  }
}
