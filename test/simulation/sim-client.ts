import { Reader } from '../../src/lib/bytes/reader.ts'
import type { Clock } from '../../src/lib/ports/clock.ts'
import type { Link, Network, Receiver } from '../../src/lib/ports/network.ts'
import type { Api } from '../../src/lib/protocol/api.ts'
import { requestHeader, responseHeader } from '../../src/lib/protocol/headers.ts'
import type { Decoded, Encodable, Fields } from '../../src/lib/schema/field.ts'

/** Nobody knows whether what was asked for has been done. */
export class Unanswered extends Error {}

interface Waiting {
  readonly answered: (frame: Buffer) => void
  readonly lost: (cause: Error) => void
}

const PATIENCE_MS = 20_000

/** One link to a broker: a question, and then its answer. */
export class SimClient implements Receiver {
  readonly #clock: Clock
  readonly #room = Buffer.alloc(64 * 1024)
  readonly #waiting: Waiting[] = []
  #bytes = Buffer.alloc(0)
  #link: Link | undefined
  #correlationId = 0

  private constructor(clock: Clock) {
    this.#clock = clock
  }

  static async connect(network: Network, clock: Clock, port: number): Promise<SimClient> {
    const client = new SimClient(clock)
    client.#link = await network.connect({ host: '127.0.0.1', port }, client)
    return client
  }

  async ask<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    version: number,
    request: Encodable<Decoded<Q>>,
  ): Promise<Decoded<S>> {
    const head = {
      requestApiKey: api.key,
      requestApiVersion: version,
      correlationId: this.#correlationId++,
      clientId: 'sim',
    }
    const body = Buffer.concat([
      requestHeader.encode(head, api.requestHeaderVersion(version)),
      api.request.encode(request, version),
    ])
    const reader = new Reader(await this.#exchange(body))
    responseHeader.read(reader, api.responseHeaderVersion(version))
    return api.response.read(reader, version)
  }

  close(): void {
    this.#link?.destroy()
    this.#lose('given up')
  }

  room(): Uint8Array {
    return this.#room
  }

  received(sizeBytes: number): void {
    this.#bytes = Buffer.concat([this.#bytes, this.#room.subarray(0, sizeBytes)])
    while (this.#bytes.length >= 4) {
      const end = 4 + this.#bytes.readInt32BE(0)
      if (this.#bytes.length < end) return
      this.#waiting.shift()?.answered(Buffer.from(this.#bytes.subarray(4, end)))
      this.#bytes = this.#bytes.subarray(end)
    }
  }

  drained(): void {}

  closed(): void {
    this.#lose('the link was closed')
  }

  #exchange(body: Buffer): Promise<Buffer> {
    const link = this.#link
    if (link === undefined) return Promise.reject(new Unanswered('not connected'))
    const length = Buffer.alloc(4)
    length.writeInt32BE(body.length)
    return new Promise((answered, lost) => {
      const cancel = this.#clock.after(PATIENCE_MS, () => this.close())
      this.#waiting.push({
        answered: (frame) => {
          cancel()
          answered(frame)
        },
        lost: (cause) => {
          cancel()
          lost(cause)
        },
      })
      link.write(Buffer.concat([length, body]))
    })
  }

  #lose(reason: string): void {
    this.#link = undefined
    for (const { lost } of this.#waiting.splice(0)) lost(new Unanswered(reason))
  }
}
