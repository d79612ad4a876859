import { UnsecuredTokenServer } from '../../auth/oauth-bearer-server.ts'
import { PlainServer } from '../../auth/plain-server.ts'
import type { SaslServer } from '../../auth/sasl-server.ts'
import { ScramServer } from '../../auth/scram-server.ts'
import { javaHash } from '../../bytes/java-hash.ts'
import { parseJaas } from '../../config/security/jaas.ts'
import { FailedError } from '../../errors.ts'
import { scramMechanismId } from '../../model/users.ts'
import { nearest } from '../../values/nearest.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import type { Node } from '../node.ts'
import type { ListenerLookup } from './listener-lookup.ts'
import type { ListenerSasl } from './listener-security.ts'

type Ports = Pick<BrokerPorts, 'random' | 'clock'>
type Begin = (node: Node) => SaslServer

const served = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']
const NONCE_BYTES = 18
const FAILURE_DELAY_MS = '100'

/** By which mechanisms clients of a listener log in, and who they may be. */
export function listenerSasl(lookup: ListenerLookup, ports: Ports): ListenerSasl {
  const said = lookup.get('sasl.enabled.mechanisms') ?? 'GSSAPI'
  const mechanisms = [...new Set(said.split(',').map((name) => name.trim()))]
  const begins = new Map(mechanisms.map((name) => [name, beginOf(name, lookup, ports)]))
  return {
    mechanisms: inJavaMapOrder(mechanisms, javaHash),
    failureDelayMs: Number(lookup.get('connection.failed.authentication.delay.ms') ?? FAILURE_DELAY_MS),
    sessionMs(mechanism) {
      const key = 'connections.max.reauth.ms'
      const own = lookup.ofListener(`${mechanism.toLowerCase()}.${key}`)
      return Number(own ?? lookup.get(key) ?? 0)
    },
    begin(mechanism, node) {
      const begin = begins.get(mechanism)
      if (begin === undefined) throw unserved(mechanism, lookup)
      return begin(node)
    },
  }
}

function beginOf(mechanism: string, lookup: ListenerLookup, { random, clock }: Ports): Begin {
  switch (mechanism) {
    case 'PLAIN': {
      const passwords = passwordsOf(lookup)
      return () => new PlainServer(passwords)
    }
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512': {
      const id = scramMechanismId(mechanism)
      return ({ controller }) => {
        const nonce = random.bytes(NONCE_BYTES).toString('base64url')
        return new ScramServer(mechanism, { find: (user) => controller.scram(user, id), nonce })
      }
    }
    case 'OAUTHBEARER': {
      const rules = tokenRules(lookup)
      return () => new UnsecuredTokenServer(rules, () => clock.nowMs())
    }
    default:
      throw unserved(mechanism, lookup)
  }
}

/** `user_NAME="PASSWORD"` of Kafka's PlainLoginModule. */
function passwordsOf(lookup: ListenerLookup): ReadonlyMap<string, string> {
  const options = [...jaasOf('plain', lookup)].flatMap(([key, value]): [string, string][] =>
    key.startsWith('user_') ? [[key.slice('user_'.length), value]] : [],
  )
  const place = lookup.nameOf('plain.sasl.jaas.config')
  const [open] = options.find(([, password]) => password === '') ?? []
  if (open !== undefined)
    throw new FailedError('no-password', `${place}: user ${open} has no password, and could never log in`, {
      hint: `it is written like user_${open}="…"`,
    })
  if (options.length > 0) return new Map(options)
  throw new FailedError('no-users', `PLAIN has nobody who could log in: ${place} names no user`, {
    hint: 'it is written like org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="…";',
  })
}

/** Tokens that nobody has signed; those that are signed cannot be looked at here, and are not believed. */
function tokenRules(lookup: ListenerLookup) {
  const options = jaasOf('oauthbearer', lookup)
  const endpoint = 'sasl.oauthbearer.jwks.endpoint.url'
  const named = lookup.get(endpoint) === undefined ? undefined : endpoint
  if (named !== undefined || options.has('unsecuredValidatorRequiredScope'))
    throw new FailedError(
      'tokens-not-checked',
      `${named ?? 'unsecuredValidatorRequiredScope'} asks for more than the local broker looks at in a token`,
      { hint: 'it believes tokens that nobody has signed, as Kafka does where nothing else is said' },
    )
  return {
    principalClaim: options.get('unsecuredValidatorPrincipalClaimName') ?? 'sub',
    clockSkewMs: Number(options.get('unsecuredValidatorAllowableClockSkewMs') ?? 0),
  }
}

function jaasOf(mechanism: string, lookup: ListenerLookup): ReadonlyMap<string, string> {
  const key = `${mechanism}.sasl.jaas.config`
  const text = lookup.ofListener(key)
  return text === undefined ? new Map() : parseJaas(text, lookup.nameOf(key)).options
}

function unserved(mechanism: string, lookup: ListenerLookup): FailedError {
  const key = 'sasl.enabled.mechanisms'
  const isSaid = lookup.get(key) !== undefined
  const where = isSaid ? lookup.placeOf(key) : `Kafka's default where ${lookup.nameOf(key)} is not said`
  const words = `the local broker cannot log clients in by ${mechanism} (${where})`
  const [meant] = nearest(mechanism, served)
  const guess = meant === undefined ? '' : `did you mean ${meant}? `
  return new FailedError('unsupported-mechanism', words, {
    hint: `${guess}it knows PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, and OAUTHBEARER with tokens that nobody signs`,
  })
}
