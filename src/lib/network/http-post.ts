import { ConnectionError, type KtoolError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Link, Network, Receiver, TlsTrust } from '../ports/network.ts'
import { type HttpAnswer, HttpAnswerReader } from './http-answer.ts'

export interface HttpQuestion {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For `https:`. */
  readonly trust: TlsTrust
  readonly patienceMs: number
}

const ROOM_BYTES = 16 * 1024

/** One question by HTTP/1.1, on a link of its own: what is needed to be given a token, and no more. */
export async function httpPost(
  { url, headers, body, trust, patienceMs }: HttpQuestion,
  { network, clock }: { readonly network: Network; readonly clock: Clock },
): Promise<HttpAnswer> {
  const isSecure = url.protocol === 'https:'
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const patience = new AbortController()
  const exchange = new Exchange()
  let link: Link | undefined
  const cancel = clock.after(patienceMs, () => {
    patience.abort()
    exchange.fail(late(url, patienceMs))
  })
  const way = { signal: patience.signal, ...(isSecure ? { tls: trust } : {}) }
  try {
    const opened = network.connect({ host, port }, exchange, way)
    link = await Promise.race([opened, exchange.failed])
    link.write(Buffer.from(head(url, headers, body) + body))
    return await exchange.answer
  } finally {
    cancel()
    link?.destroy()
  }
}

function head(
  { host, pathname, search }: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const all = {
    Host: host,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    Accept: 'application/json',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`
}

function late(url: URL, patienceMs: number): ConnectionError {
  return new ConnectionError(
    'request-timed-out',
    `${url.host} did not answer within ${Math.round(patienceMs)} ms`,
  )
}

/** Bytes as they come, until they are an answer. */
class Exchange implements Receiver {
  readonly #reader = new HttpAnswerReader()
  readonly #room = Buffer.alloc(ROOM_BYTES)
  readonly answer: Promise<HttpAnswer>
  /** Only ever rejects. */
  readonly failed: Promise<never>
  #resolve: (answer: HttpAnswer) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.failed = this.answer.then(() => new Promise<never>(() => {}))
    // Whoever waits for one of the two need not wait for the other.
    this.failed.catch(() => {})
  }

  fail(error: KtoolError): void {
    this.#reject(error)
  }

  room(): Uint8Array {
    return this.#room
  }

  received(sizeBytes: number): void {
    this.#take(() => this.#reader.add(this.#room.subarray(0, sizeBytes)))
  }

  drained(): void {}

  closed(cause?: Error): void {
    if (cause === undefined) this.#take(() => this.#reader.end())
    else this.#reject(cause)
  }

  #take(read: () => HttpAnswer | undefined): void {
    try {
      const answer = read()
      if (answer !== undefined) this.#resolve(answer)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.#reject(error)
    }
  }
}
