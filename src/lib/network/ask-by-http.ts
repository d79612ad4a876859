import { BugError, ConnectionError, type KtoolError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Link, Network, Receiver, TlsTrust } from '../ports/network.ts'
import { connectToFile } from './file-socket.ts'
import { type HttpAnswer, HttpAnswerReader } from './http-answer.ts'

export interface HttpQuestion {
  /** POST if it is not said. */
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  /** Where the other side listens at a file of this machine, and not at the address. */
  readonly file?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For `https:`; null where that is never asked. */
  readonly trust: TlsTrust | null
  readonly patienceMs: number
}

const ROOM_BYTES = 16 * 1024

/** One question by HTTP/1.1, on a link of its own: what is needed for a short answer, and no more. */
export async function askByHttp(
  { method = 'POST', url, file, headers, body, trust, patienceMs }: HttpQuestion,
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
  const { signal } = patience
  if (isSecure && trust === null)
    throw new BugError('no-trust', `whom to believe is not said for ${url.host}`)
  const way = { signal, ...(isSecure && trust !== null ? { tls: trust } : {}) }
  try {
    const opened =
      file === undefined
        ? network.connect({ host, port }, exchange, way)
        : connectToFile(file, exchange, { signal })
    link = await Promise.race([opened, exchange.failed])
    link.write(Buffer.from(head(method, url, headers, body) + body))
    return await exchange.answer
  } finally {
    cancel()
    link?.destroy()
  }
}

function head(
  method: string,
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
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`
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
