import { formatAddress, type NamedAddress } from '../../config/listeners.ts'
import { singleNodeConfigs } from '../configs/single-node-configs.ts'
import type { LeftDirectory } from './left-directory.ts'
import { listenerBetweenBrokers, type Property, securityProperties } from './security-properties.ts'

/** What somebody says besides. */
export interface KafkaWish {
  /** What the broker was started with, by Kafka's names. */
  readonly settings: ReadonlyMap<string, string>
  /** Where Kafka is to listen; none: where the broker was to be reached. */
  readonly listeners: readonly NamedAddress[]
  readonly advertised: readonly NamedAddress[]
  readonly controllerPort: number | undefined
}

export interface KafkaProperties {
  readonly properties: readonly Property[]
  /** What is left for a person to do, a sentence each. */
  readonly toDo: readonly string[]
}

const DEFAULT_LISTENER: NamedAddress = { name: 'PLAINTEXT', host: '127.0.0.1', port: 9092 }
const CONTROLLER_PORT = 9093
const LOOPBACK = '127.0.0.1'

/** server.properties of a Kafka that is broker and controller on this directory. */
export function kafkaProperties(left: LeftDirectory, wish: KafkaWish): KafkaProperties {
  const listeners = listenersOf(left, wish)
  const controller = {
    name: controllerName(listeners),
    host: LOOPBACK,
    port: controllerPort(left, wish, listeners),
  }
  const protocols = protocolsOf(listeners, left, wish)
  const security = securityProperties(left, wish.settings, protocols)
  const own: readonly Property[] = [
    ['process.roles', 'broker,controller'],
    ['node.id', `${left.nodeId}`],
    ...quorum(left, controller),
    ['controller.listener.names', controller.name],
    ['listeners', [...listeners, controller].map(asText).join(',')],
    ['advertised.listeners', advertisedOf(left, wish, listeners).map(asText).join(',')],
    ['listener.security.protocol.map', mapOf(protocols, controller.name)],
    ...betweenBrokers(protocols, wish.settings),
    ['log.dirs', left.logDirs.join(',')],
    ...metadataPlace(left),
  ]
  const names = new Set(own.map(([name]) => name))
  const given = [...wish.settings].filter(([name]) => !names.has(name))
  const more = [...singleNodeConfigs, ...security.properties].filter(
    ([name]) => !names.has(name) && !wish.settings.has(name),
  )
  return { properties: [...own, ...more, ...given], toDo: security.toDo }
}

/** Kafka looks in the first of them where nothing is said. */
function metadataPlace({ logDirs, metadataDir }: LeftDirectory): Property[] {
  return logDirs[0] === metadataDir ? [] : [['metadata.log.dir', metadataDir]]
}

function quorum({ nodeId, hasVotersInLog }: LeftDirectory, controller: NamedAddress): Property[] {
  const address = formatAddress(controller)
  if (hasVotersInLog) return [['controller.quorum.bootstrap.servers', address]]
  return [['controller.quorum.voters', `${nodeId}@${address}`]]
}

/** One that others than this machine are told of is not an address to listen at for sure. */
function listenersOf({ endpoints }: LeftDirectory, { listeners, advertised }: KafkaWish): NamedAddress[] {
  if (listeners.length > 0) return listeners.map((each) => ({ ...each, host: hostOf(each) }))
  if (endpoints.length === 0) return advertised.length === 0 ? [DEFAULT_LISTENER] : [...advertised]
  return endpoints.map(({ name, host, port }) => ({ name, port, host: isLoopback(host) ? host : '0.0.0.0' }))
}

/** Kafka takes one host of each listener, and every address of the machine where there is none. */
function hostOf({ host }: NamedAddress): string {
  if (host === '') return '0.0.0.0'
  return host === 'localhost' ? LOOPBACK : host
}

function advertisedOf(
  { endpoints }: LeftDirectory,
  { advertised }: KafkaWish,
  listeners: readonly NamedAddress[],
): NamedAddress[] {
  return listeners.map((listener) => {
    const isSame = ({ name }: { readonly name: string }) => name === listener.name
    const told = advertised.find(isSame) ?? endpoints.find(isSame) ?? listener
    const host = told.host === '' || told.host === '0.0.0.0' || told.host === '::' ? LOOPBACK : told.host
    // Where it listens at another port now, the port of old is nobody's.
    return { name: listener.name, host, port: advertised.some(isSame) ? told.port : listener.port }
  })
}

function controllerPort(
  { voterPort }: LeftDirectory,
  { controllerPort }: KafkaWish,
  listeners: readonly NamedAddress[],
): number {
  const taken = new Set(listeners.map(({ port }) => port))
  let port = controllerPort ?? voterPort ?? CONTROLLER_PORT
  while (controllerPort === undefined && taken.has(port)) port += 1
  return port
}

function controllerName(listeners: readonly NamedAddress[]): string {
  return listeners.some(({ name }) => name === 'CONTROLLER') ? 'KRAFT_CONTROLLER' : 'CONTROLLER'
}

function protocolsOf(
  listeners: readonly NamedAddress[],
  { endpoints }: LeftDirectory,
  { settings }: KafkaWish,
): ReadonlyMap<string, string> {
  const pairs = (settings.get('listener.security.protocol.map') ?? '').split(',')
  const said = new Map(
    pairs.map((pair) => pair.split(':', 2).map((part) => part.trim().toUpperCase())) as [string, string][],
  )
  const known = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
  return new Map(
    listeners.map(({ name }) => {
      const was = endpoints.find((endpoint) => endpoint.name === name)?.securityProtocol
      return [name, said.get(name) ?? was ?? (known.includes(name) ? name : 'PLAINTEXT')]
    }),
  )
}

function mapOf(protocols: ReadonlyMap<string, string>, controller: string): string {
  return [...protocols, [controller, 'PLAINTEXT']].map(([name, protocol]) => `${name}:${protocol}`).join(',')
}

/** A broker alone talks to itself as well, of transactions; by one without a login it needs none. */
function betweenBrokers(
  protocols: ReadonlyMap<string, string>,
  settings: ReadonlyMap<string, string>,
): Property[] {
  if (settings.has('inter.broker.listener.name') || settings.has('security.inter.broker.protocol')) return []
  const name = listenerBetweenBrokers(protocols)
  return name === undefined ? [] : [['inter.broker.listener.name', name]]
}

function asText(address: NamedAddress): string {
  return `${address.name}://${formatAddress(address)}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
