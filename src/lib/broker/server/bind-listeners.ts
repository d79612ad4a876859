import type { SecurityProtocol } from '../apis/handler.ts'
import type { Endpoint } from '../node.ts'
import type { ListenerSecurity } from '../security/listener-security.ts'
import { isMissingAddress, type Server } from './server.ts'

/** One name that clients come by, such as PLAINTEXT. */
export interface ListenerOptions {
  readonly name: string
  /** PLAINTEXT where nothing is said. */
  readonly protocol?: SecurityProtocol
  /**
   * All on one port. The first must be there; the others are left out where this machine has no such address,
   * such as `::1` without IPv6.
   */
  readonly hosts: readonly string[]
  /** 0 takes a free one. */
  readonly port: number
  /** What clients are told, where that is not the first host and the port itself; port 0 is the listener's own. */
  readonly advertised?: Endpoint
}

export interface BoundAddress extends Endpoint {
  readonly listener: string
}

export interface Bindings {
  readonly bound: readonly BoundAddress[]
  readonly leftOut: readonly BoundAddress[]
  /** What clients are told, by the listener's name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
}

/** A port that is free at one host may be taken at the next one; another is tried so many times. */
const TRIES = 20

export async function bindListeners(
  server: Server,
  listeners: readonly ListenerOptions[],
  securities: ReadonlyMap<string, ListenerSecurity> = new Map(),
): Promise<Bindings> {
  const bound: BoundAddress[] = []
  const leftOut: BoundAddress[] = []
  const endpoints = new Map<string, Endpoint>()
  for (const options of listeners) {
    const port = await bindListener(server, options, securities.get(options.name), bound, leftOut)
    const { host, port: told } = options.advertised ?? { host: options.hosts[0] ?? '', port }
    endpoints.set(options.name, { host, port: told === 0 ? port : told })
  }
  return { bound, leftOut, endpoints }
}

async function bindListener(
  server: Server,
  { name, hosts, port: wanted }: ListenerOptions,
  security: ListenerSecurity | undefined,
  bound: BoundAddress[],
  leftOut: BoundAddress[],
): Promise<number> {
  const [first = '127.0.0.1', ...others] = hosts
  for (let tries = 1; ; tries++) {
    const { port } = await server.listen(name, { host: first, port: wanted }, security)
    const here: BoundAddress[] = [{ listener: name, host: first, port }]
    const missing: BoundAddress[] = []
    try {
      for (const host of others)
        await server.listen(name, { host, port }, security).then(
          () => here.push({ listener: name, host, port }),
          (error: unknown) => {
            if (!isMissingAddress(error)) throw error
            missing.push({ listener: name, host, port })
          },
        )
    } catch (error) {
      if (wanted !== 0 || tries === TRIES) throw error
      await server.unlisten(port)
      continue
    }
    bound.push(...here)
    leftOut.push(...missing)
    return port
  }
}
