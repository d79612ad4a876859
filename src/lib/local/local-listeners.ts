import type { ListenerOptions } from '../broker/broker.ts'
import { type NamedAddress, parseNamedAddress, parseNamedAddresses } from '../config/listeners.ts'
import { UsageError } from '../errors.ts'
import { LISTENER } from './secure/local-security.ts'

interface Said {
  readonly port?: number | undefined
  readonly listen?: readonly string[] | undefined
  readonly secure?: boolean | undefined
  readonly advertise?: readonly string[] | undefined
}

/** This machine alone, by both of its addresses. */
const LOOPBACK = ['127.0.0.1', '::1']
const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::'])
const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const

/** What the flags say goes before what server.properties says. */
export function listenersOf(
  said: Said,
  settings: ReadonlyMap<string, string>,
  defaultPort: number,
): ListenerOptions[] {
  const protocols = protocolsIn(settings)
  const listeners = joined(addressesOf(said, settings, defaultPort))
  for (const { name } of listeners) mustBeMeant(name, protocols, settings)
  const secured = listeners.map((listener) => ({ ...listener, ...protocolOf(listener.name, protocols) }))
  return advertised(secured, advertisedIn(said, settings))
}

/** Whether others than this machine can reach it. */
export function isOpen(host: string): boolean {
  return !/^(127\.|::1$|localhost$)/.test(host)
}

export function isEveryAddress(host: string): boolean {
  return ALL_ADDRESSES.has(host)
}

function addressesOf(
  { port, listen, secure }: Said,
  settings: ReadonlyMap<string, string>,
  defaultPort: number,
): NamedAddress[] {
  if (listen !== undefined && listen.length > 0) return listen.map(parseNamedAddress)
  if (secure === true) return [{ name: LISTENER, host: 'localhost', port: port ?? defaultPort }]
  const controllers = namesIn(settings.get('controller.listener.names'))
  const listed = parseNamedAddresses(settings.get('listeners') ?? '').filter(
    ({ name }) => !controllers.has(name),
  )
  if (port === undefined && listed.length > 0) return listed
  return [{ name: 'PLAINTEXT', host: 'localhost', port: port ?? defaultPort }]
}

/** One listener may have several hosts, all on one port. */
function joined(addresses: readonly NamedAddress[]): ListenerOptions[] {
  const listeners = new Map<string, { name: string; hosts: string[]; port: number }>()
  for (const { name, host, port } of addresses) {
    const known = listeners.get(name) ?? { name, hosts: [], port }
    if (known.port !== port) {
      throw new UsageError(
        'listener-named-twice',
        `the listener ${name} has two ports: ${known.port}, ${port}`,
      )
    }
    known.hosts.push(...hostsOf(host).filter((each) => !known.hosts.includes(each)))
    listeners.set(name, known)
  }
  return [...listeners.values()]
}

function hostsOf(host: string): readonly string[] {
  if (host === '') return ['0.0.0.0']
  return host === 'localhost' ? LOOPBACK : [host]
}

function advertisedIn({ advertise = [] }: Said, settings: ReadonlyMap<string, string>): NamedAddress[] {
  if (advertise.length > 0) return advertise.map(parseNamedAddress)
  const controllers = namesIn(settings.get('controller.listener.names'))
  const listed = parseNamedAddresses(settings.get('advertised.listeners') ?? '')
  return listed.filter(({ name }) => !controllers.has(name))
}

function advertised(listeners: ListenerOptions[], addresses: readonly NamedAddress[]): ListenerOptions[] {
  const byName = new Map(addresses.map((address) => [address.name, address]))
  const stray = addresses.find(({ name }) => !listeners.some((listener) => listener.name === name))
  if (stray !== undefined) {
    throw new UsageError('no-such-listener', `there is no listener ${stray.name} to advertise`, {
      hint: `there is ${listeners.map(({ name }) => name).join(', ')}`,
    })
  }
  return listeners.map((listener) => {
    const { host, port } = byName.get(listener.name) ?? { host: hostTold(listener), port: 0 }
    if (host === '' || isEveryAddress(host)) throw notAnAddress(listener.name)
    return { ...listener, advertised: { host, port: port === 0 ? listener.port : port } }
  })
}

/** Nobody can connect to "every address". */
function hostTold({ hosts }: ListenerOptions): string {
  const [host = '127.0.0.1'] = hosts
  return isEveryAddress(host) ? '127.0.0.1' : host
}

/** A listener of a name of its own that the map does not have speaks in plain. */
function protocolOf(name: string, protocols: ReadonlyMap<string, string>): Pick<ListenerOptions, 'protocol'> {
  const said = protocols.get(name)
  const protocol = securityProtocols.find((each) => each === (said ?? name))
  if (said !== undefined && protocol === undefined) throw noSuchProtocol(name, said)
  return protocol === undefined || protocol === 'PLAINTEXT' ? {} : { protocol }
}

/** Nobody says how a listener is secured who wants it to be open to everybody. */
function mustBeMeant(
  name: string,
  protocols: ReadonlyMap<string, string>,
  settings: ReadonlyMap<string, string>,
): void {
  if (protocols.has(name) || securityProtocols.some((each) => each === name)) return
  const prefix = `listener.name.${name.toLowerCase()}.`
  const told = [...settings.keys()].find((key) => key.startsWith(prefix) && /\b(?:ssl|sasl)\./.test(key))
  if (told === undefined) return
  throw new UsageError('no-protocol', `${told} is said, and not which protocol the listener ${name} speaks`, {
    hint: `say it: listener.security.protocol.map=${name}:${told.includes('.sasl.') ? 'SASL_SSL' : 'SSL'}`,
  })
}

function noSuchProtocol(name: string, said: string): UsageError {
  return new UsageError('no-such-protocol', `the listener ${name} asks for ${said}`, {
    hint: `the local broker speaks ${securityProtocols.join(', ')}`,
  })
}

function protocolsIn(settings: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const pairs = (settings.get('listener.security.protocol.map') ?? '').split(',')
  return new Map(
    pairs.map((pair): [string, string] => {
      const [name = '', protocol = ''] = pair.split(':')
      return [name.trim().toUpperCase(), protocol.trim().toUpperCase()]
    }),
  )
}

function namesIn(list: string | undefined): ReadonlySet<string> {
  return new Set((list ?? '').split(',').map((name) => name.trim().toUpperCase()))
}

function notAnAddress(name: string): UsageError {
  return new UsageError(
    'invalid-advertised',
    `clients cannot be told to connect to every address (${name})`,
    {
      hint: `name one: --advertise ${name}://HOST:PORT`,
    },
  )
}
