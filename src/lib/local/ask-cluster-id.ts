import type { Clock } from '../ports/clock.ts'
import type { Address, Link, Network, Receiver } from '../ports/network.ts'
import { metadata } from '../protocol/apis/metadata.ts'
import { requestHeader, responseHeader } from '../protocol/headers.ts'

const VERSION = 8
const LENGTH_BYTES = 4
const MAX_ANSWER_BYTES = 64 * 1024
const PATIENCE_MS = 2000

/** The cluster that a broker says it belongs to; nothing where no broker answers soon. */
export async function askClusterId(at: Address, network: Network, clock: Clock): Promise<string | undefined> {
  const patience = new AbortController()
  const cancel = clock.after(PATIENCE_MS, () => patience.abort())
  const answer = new Answer()
  let link: Link | undefined
  try {
    link = await network.connect(at, answer, patience.signal)
    link.write(question())
    return clusterIdIn(await answer.frame)
  } catch {
    return undefined
  } finally {
    cancel()
    link?.destroy()
  }
}

function question(): Buffer {
  const header = {
    requestApiKey: metadata.key,
    requestApiVersion: VERSION,
    correlationId: 1,
    clientId: 'ktool',
  }
  const body = { topics: [], allowAutoTopicCreation: false }
  const bytes = Buffer.concat([
    requestHeader.encode(header, metadata.requestHeaderVersion(VERSION)),
    metadata.request.encode(body, VERSION),
  ])
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function clusterIdIn(frame: Buffer): string | undefined {
  const header = responseHeader.encode({ correlationId: 1 }, metadata.responseHeaderVersion(VERSION))
  if (!frame.subarray(0, header.length).equals(header)) return undefined
  return metadata.response.decode(frame.subarray(header.length), VERSION).clusterId ?? undefined
}

/** One frame; the link is of no use afterwards. */
class Answer implements Receiver {
  readonly frame: Promise<Buffer>
  readonly #bytes = Buffer.alloc(LENGTH_BYTES + MAX_ANSWER_BYTES)
  #sizeBytes = 0
  #done: (frame: Buffer) => void = () => {}
  #fail: (cause: Error) => void = () => {}

  constructor() {
    this.frame = new Promise((resolve, reject) => {
      this.#done = resolve
      this.#fail = reject
    })
    // Nobody waits for it where the link never stood.
    this.frame.catch(() => undefined)
  }

  room(): Uint8Array {
    return this.#bytes.subarray(this.#sizeBytes)
  }

  received(sizeBytes: number): void {
    this.#sizeBytes += sizeBytes
    if (this.#sizeBytes < LENGTH_BYTES) return
    const length = this.#bytes.readInt32BE()
    if (length < 0 || length > MAX_ANSWER_BYTES) this.#fail(new Error('no answer of a broker'))
    else if (this.#sizeBytes >= LENGTH_BYTES + length) {
      this.#done(this.#bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length))
      this.#sizeBytes = 0
    }
  }

  drained(): void {}

  closed(cause?: Error): void {
    this.#fail(cause ?? new Error('closed without an answer'))
  }
}
