import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Reader } from '../../../src/lib/bytes/reader.ts'
import type { Api } from '../../../src/lib/protocol/api.ts'
import { requestHeader, responseHeader } from '../../../src/lib/protocol/headers.ts'
import type { Decoded, Encodable, Fields } from '../../../src/lib/schema/field.ts'

export type Request<Q extends Fields> = Encodable<Decoded<Q>>

/**
 * The plainest client there can be: our protocol layer and a socket. Every answer has to be understood
 * to its last byte, and to be what our encoder makes of it.
 */
export class Connection {
  readonly #socket: Socket
  #bytes = Buffer.alloc(0)
  #wake: () => void = () => {}
  #isClosed = false
  #correlationId = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
    socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  /** From this machine's own address, unless it is to be another of those that begin with 127. */
  static async open(port: number, certificate?: string, localAddress?: string): Promise<Connection> {
    const from = localAddress === undefined ? {} : { localAddress }
    const to = { host: '127.0.0.1', port, ...from }
    const socket = certificate === undefined ? connect(to) : connectTls({ ...to, ca: certificate })
    await new Promise<void>((resolve, reject) => {
      socket.once(certificate === undefined ? 'connect' : 'secureConnect', () => resolve())
      socket.once('error', reject)
    })
    return new Connection(socket)
  }

  ask<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    version: number,
    body: Request<Q>,
  ): Promise<Decoded<S>> {
    return this.askEncoded(api, version, api.request.encode(body, version))
  }

  async askEncoded<S extends Fields>(
    api: Api<Fields, S>,
    version: number,
    body: Buffer,
  ): Promise<Decoded<S>> {
    const answer = await this.exchange(api.key, version, api.requestHeaderVersion(version), body)
    return understand(api, version, answer, this.#correlationId)
  }

  /** Sends a request of which only the body is made, and returns the answer's frame without its length. */
  async exchange(apiKey: number, apiVersion: number, headerVersion: number, body: Buffer): Promise<Buffer> {
    this.#correlationId += 1
    const header = requestHeader.encode(
      {
        requestApiKey: apiKey,
        requestApiVersion: apiVersion,
        correlationId: this.#correlationId,
        clientId: 'ktool-test',
      },
      headerVersion,
    )
    this.send(Buffer.concat([header, body]))
    return this.#frame()
  }

  send(frame: Buffer): void {
    const length = Buffer.alloc(4)
    length.writeInt32BE(frame.length)
    this.#socket.write(Buffer.concat([length, frame]))
  }

  close(): void {
    this.#socket.destroy()
  }

  async #frame(): Promise<Buffer> {
    const length = (await this.#take(4)).readInt32BE(0)
    return this.#take(length)
  }

  async #take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.#isClosed) throw new Error('Kafka closed the connection')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const taken = this.#bytes.subarray(0, count)
    this.#bytes = this.#bytes.subarray(count)
    return taken
  }
}

function understand<S extends Fields>(
  api: Api<Fields, S>,
  version: number,
  frame: Buffer,
  correlationId: number,
): Decoded<S> {
  const name = `${api.name} response v${version}`
  const reader = new Reader(frame)
  const header = responseHeader.read(reader, api.responseHeaderVersion(version))
  if (header.correlationId !== correlationId) throw new Error(`${name} answers another request`)
  const body = frame.subarray(reader.position)
  const answer = api.response.decode(body, version)
  const again = api.response.encode(answer as Encodable<Decoded<S>>, version)
  if (!again.equals(body))
    throw new Error(`${name} re-encodes otherwise: ${again.toString('hex')} for ${body.toString('hex')}`)
  return answer
}

/** Opens a connection for the time of some work. */
export async function connected<T>(
  port: number,
  work: (connection: Connection) => Promise<T>,
  certificate?: string,
): Promise<T> {
  const connection = await Connection.open(port, certificate)
  try {
    return await work(connection)
  } finally {
    connection.close()
  }
}
