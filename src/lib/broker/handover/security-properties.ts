import type { LeftDirectory } from './left-directory.ts'

export type Property = readonly [name: string, value: string]

interface SecurityProperties {
  readonly properties: readonly Property[]
  readonly toDo: readonly string[]
}

const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
const AUTHORIZER = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'

/** What Kafka needs to let in whom this directory and its listeners tell of, and what only a person can add to it. */
export function securityProperties(
  left: LeftDirectory,
  settings: ReadonlyMap<string, string>,
  protocols: ReadonlyMap<string, string>,
): SecurityProperties {
  const withLogin = [...protocols].flatMap(([name, protocol]) => (protocol.startsWith('SASL') ? [name] : []))
  const withTls = [...protocols].flatMap(([name, protocol]) => (protocol.endsWith('SSL') ? [name] : []))
  return {
    properties: [...keys(withTls, left, settings), ...logins(withLogin, left), ...authorizer(left, settings)],
    toDo: [
      ...tlsToDo(withTls, left, settings),
      ...loginsToDo(withLogin, left, settings),
      ...ownLoginToDo(protocols, settings),
      ...aclsToDo(left, settings),
      ...tokensToDo(left, settings),
    ],
  }
}

/** The one that asks the least of who comes. */
export function listenerBetweenBrokers(protocols: ReadonlyMap<string, string>): string | undefined {
  const ease = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
  const [easiest] = [...protocols].sort(([, a], [, b]) => ease.indexOf(a) - ease.indexOf(b))
  return easiest?.[0]
}

/** Passwords of SCRAM are in the metadata: that there is such a login is all that Kafka has to be told. */
function logins(listeners: readonly string[], { mechanisms }: LeftDirectory): Property[] {
  if (listeners.length === 0 || mechanisms.length === 0) return []
  const modules = listeners.flatMap((listener) =>
    mechanisms.map(
      (mechanism): Property => [
        `listener.name.${listener.toLowerCase()}.${mechanism.toLowerCase()}.sasl.jaas.config`,
        SCRAM,
      ],
    ),
  )
  return [
    ['sasl.enabled.mechanisms', mechanisms.join(',')],
    ['sasl.mechanism.inter.broker.protocol', mechanisms[0] ?? ''],
    ...modules,
  ]
}

function authorizer({ aclCount }: LeftDirectory, settings: ReadonlyMap<string, string>): Property[] {
  const isAsked = settings.has('super.users') && aclCount > 0
  return isAsked ? [['authorizer.class.name', AUTHORIZER]] : []
}

function hasKeys(settings: ReadonlyMap<string, string>): boolean {
  return [...settings.keys()].some((name) => /ssl\.keystore\.(location|certificate\.chain)$/.test(name))
}

function keys(
  listeners: readonly string[],
  { keyFile }: LeftDirectory,
  settings: ReadonlyMap<string, string>,
): Property[] {
  if (listeners.length === 0 || keyFile === null || hasKeys(settings)) return []
  return [
    ['ssl.keystore.type', 'PEM'],
    ['ssl.keystore.location', keyFile],
  ]
}

function tlsToDo(
  listeners: readonly string[],
  { keyFile }: LeftDirectory,
  settings: ReadonlyMap<string, string>,
): string[] {
  if (listeners.length === 0 || keyFile !== null || hasKeys(settings)) return []
  return [
    `${listeners.join(', ')}: add ssl.keystore.type, ssl.keystore.location and ssl.keystore.password, of a key and certificate of this broker`,
  ]
}

function loginsToDo(
  listeners: readonly string[],
  { mechanisms }: LeftDirectory,
  settings: ReadonlyMap<string, string>,
): string[] {
  if (listeners.length === 0) return []
  if (mechanisms.length === 0 && !settings.has('sasl.enabled.mechanisms')) {
    return [
      `${listeners.join(', ')}: add sasl.enabled.mechanisms and sasl.jaas.config; no user has a password of SCRAM`,
    ]
  }
  return ['users of PLAIN are in no directory: they stand in sasl.jaas.config of their listener']
}

function ownLoginToDo(
  protocols: ReadonlyMap<string, string>,
  settings: ReadonlyMap<string, string>,
): string[] {
  const name = listenerBetweenBrokers(protocols) ?? ''
  const isGiven = settings.has('inter.broker.listener.name') || settings.has('security.inter.broker.protocol')
  if (isGiven || protocols.get(name)?.startsWith('SASL') !== true) return []
  return [`the broker logs in to itself by ${name}: add username and password to its sasl.jaas.config`]
}

function aclsToDo({ aclCount }: LeftDirectory, settings: ReadonlyMap<string, string>): string[] {
  if (aclCount === 0 || settings.has('authorizer.class.name') || settings.has('super.users')) return []
  return [
    `${aclCount} ACLs are kept, and nobody is held to them: add authorizer.class.name=${AUTHORIZER}, and super.users with User:ANONYMOUS or whoever the broker itself is`,
  ]
}

function tokensToDo({ tokenCount }: LeftDirectory, settings: ReadonlyMap<string, string>): string[] {
  if (tokenCount === 0 || settings.has('delegation.token.secret.key')) return []
  return [
    `${tokenCount} delegation tokens are kept: add the delegation.token.secret.key that they were made with`,
  ]
}
