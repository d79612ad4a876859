import type { Broker } from '../../broker/broker.ts'
import type { FaultWish } from '../../broker/faults/parse-fault.ts'
import { UsageError } from '../../errors.ts'
import type { HttpReply, HttpRequest } from '../../network/http-exchange.ts'
import { parseDuration } from '../../values/durations.ts'
import { refused } from './guard.ts'
import { skipTime } from './skip-time.ts'

type Controlled = Pick<Broker, 'faults' | 'clock' | 'status'>
type Route = (request: HttpRequest, id: number) => HttpReply

const ONE_FAULT = /^\/faults\/(\d{1,9})$/

/** What can be asked of a broker and said to it, beside Kafka's protocol. */
export function controlRoutes(broker: Controlled): (request: HttpRequest) => HttpReply {
  const { faults, clock } = broker
  const time = () => ({ nowMs: clock.nowMs(), aheadMs: clock.aheadMs })
  const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
    '/status': { GET: () => ok({ ...broker.status(), ...time(), faults: faults.list() }) },
    '/faults': {
      GET: () => ok({ faults: faults.list() }),
      POST: ({ body }) => ({ status: 201, json: faults.add(parsed(body) as FaultWish) }),
      DELETE: () => ok({ faults: faults.clear() }),
    },
    '/faults/ID': { DELETE: (_, id) => cleared(faults.clear([id]), id) },
    '/clock': { GET: () => ok(time()) },
    '/clock/skip': {
      POST: ({ body }) => {
        skipTime(clock, skipOf(parsed(body)))
        return ok(time())
      },
    },
  }
  return (request) => {
    const id = ONE_FAULT.exec(request.path)?.[1]
    const path = id === undefined ? request.path : '/faults/ID'
    const methods = Object.hasOwn(routes, path) ? routes[path] : undefined
    if (methods === undefined) return refused(404, 'no-such-path', `there is nothing at ${request.path}`)
    const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
    if (route === undefined)
      return refused(405, 'no-such-method', `${path} knows ${Object.keys(methods).join(', ')}`)
    return route(request, Number(id))
  }
}

function ok(json: unknown): HttpReply {
  return { status: 200, json }
}

function cleared(faults: readonly unknown[], id: number): HttpReply {
  return faults.length > 0 ? ok({ faults }) : refused(404, 'no-such-fault', `there is no rule ${id}`)
}

/** `{"by": "7d"}`, or `{"byMs": 604800000}`. */
function skipOf(json: unknown): number {
  const { by, byMs } = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  if (typeof by === 'string') return parseDuration(by)
  if (typeof byMs === 'number') return byMs
  throw new UsageError('invalid-skip', 'by how much? {"by": "7d"}, or {"byMs": 604800000}')
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new UsageError('invalid-json', 'the body is not JSON')
  }
}
