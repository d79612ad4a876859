import { ConnectionError } from '../errors.ts'

export interface HttpAnswer {
  readonly status: number
  readonly body: Buffer
}

const HEAD_END = '\r\n\r\n'
const MOST_BYTES = 1024 * 1024

/** An answer of HTTP/1.1, cut out of the bytes as they come. */
export class HttpAnswerReader {
  #bytes = Buffer.alloc(0)

  /** The answer, once it is whole. */
  add(bytes: Uint8Array): HttpAnswer | undefined {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    if (this.#bytes.length > MOST_BYTES) throw noHttp('it is longer than 1 MiB')
    return this.#read(false)
  }

  /** The other side has said all that it will. */
  end(): HttpAnswer {
    const answer = this.#read(true)
    if (answer === undefined) throw noHttp('it ends too early')
    return answer
  }

  #read(isEnd: boolean): HttpAnswer | undefined {
    const headEnd = this.#bytes.indexOf(HEAD_END)
    if (headEnd < 0) return undefined
    const [first = '', ...lines] = this.#bytes.toString('latin1', 0, headEnd).split('\r\n')
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1] ?? Number.NaN)
    if (Number.isNaN(status)) throw noHttp('it does not begin like one')
    const body = bodyOf(this.#bytes.subarray(headEnd + HEAD_END.length), headersOf(lines), isEnd)
    return body === undefined ? undefined : { status, body }
  }
}

function headersOf(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
}

function bodyOf(bytes: Buffer, headers: ReadonlyMap<string, string>, isEnd: boolean): Buffer | undefined {
  if (/\bchunked\b/i.test(headers.get('transfer-encoding') ?? '')) return unchunked(bytes)
  const told = headers.get('content-length')
  if (told === undefined) return isEnd ? bytes : undefined
  const length = /^\d{1,9}$/.test(told) ? Number(told) : Number.NaN
  if (Number.isNaN(length)) throw noHttp('its length is no number')
  return bytes.length >= length ? bytes.subarray(0, length) : undefined
}

/** Nothing as long as the last piece is missing. */
function unchunked(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const digits = /^[0-9a-fA-F]{1,6}(?=$|[; \t])/.exec(bytes.toString('latin1', at, lineEnd))?.[0]
    if (digits === undefined) throw noHttp('the length of a piece is no number')
    const length = Number.parseInt(digits, 16)
    const start = lineEnd + 2
    if (length === 0) return Buffer.concat(parts)
    if (bytes.length < start + length + 2) return undefined
    parts.push(bytes.subarray(start, start + length))
    at = start + length + 2
  }
}

function noHttp(reason: string): ConnectionError {
  return new ConnectionError('no-http-answer', `what answers is no web server, or a broken one: ${reason}`)
}
