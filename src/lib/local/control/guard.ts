import { createHash, timingSafeEqual } from 'node:crypto'
import { KtoolError, UsageError } from '../../errors.ts'
import type { HttpReply, HttpRequest, ServeHttp } from '../../network/http-exchange.ts'

/** A page in a browser reaches this machine by any name that its owner has point here, but not by one of these. */
const OWN_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i

/** Lets in whoever has the token and is no page in a browser. */
export function guarded(token: string, serve: (request: HttpRequest) => HttpReply): ServeHttp {
  const wanted = hashOf(`Bearer ${token}`)
  return (request) => {
    const { host = '', origin, authorization = '' } = request
    if (!OWN_HOST.test(host))
      return refused(403, 'foreign-host', 'this is asked for by a name of this machine only')
    if (origin !== undefined) return refused(403, 'foreign-origin', 'pages in a browser are not answered')
    // Hashes are of one length, and tell nothing by the time that comparing takes.
    if (!timingSafeEqual(hashOf(authorization), wanted)) {
      return refused(401, 'no-token', 'the token is missing or wrong: Authorization: Bearer TOKEN')
    }
    return answered(request, serve)
  }
}

export function refused(status: number, code: string, message: string, hint?: string): HttpReply {
  return { status, json: { error: { code, message, hint: hint ?? null } } }
}

function answered(request: HttpRequest, serve: (request: HttpRequest) => HttpReply): HttpReply {
  try {
    return serve(request)
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    const status = cause instanceof UsageError ? 400 : 500
    return refused(status, cause.code, cause.message, cause.hint)
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
