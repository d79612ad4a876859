import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpRequest, ServeHttp } from './http-exchange.ts'

const PATIENCE_MS = 30_000
const LARGEST_HEAD_BYTES = 16 * 1024
const LARGEST_BODY_BYTES = 64 * 1024

/** Speaks HTTP on sockets that others have accepted. */
export function httpConnections(serve: ServeHttp): (socket: Socket) => void {
  const server = createServer({ maxHeaderSize: LARGEST_HEAD_BYTES }, (request, response) => {
    answer(request, response, serve).catch(() => request.destroy())
  })
  return (socket) => {
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    server.emit('connection', socket)
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, serve: ServeHttp): Promise<void> {
  const body = await bodyOf(request)
  const { status, json } =
    body === undefined
      ? { status: 413, json: { error: { code: 'too-long', message: 'the body is longer than 64 KiB' } } }
      : await serve(asked(request, body))
  const text = `${JSON.stringify(json)}\n`
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(body === undefined ? { Connection: 'close' } : {}),
  })
  response.end(text)
}

/** Nothing where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of request) {
    sizeBytes += part.length
    if (sizeBytes > LARGEST_BODY_BYTES) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function asked({ method = '', url = '/', headers }: IncomingMessage, body: string): HttpRequest {
  const [path = '/'] = url.split('?')
  const { host, origin, authorization } = headers
  return { method, path, body, host, origin, authorization }
}
