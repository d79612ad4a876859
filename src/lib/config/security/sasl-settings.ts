import { FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { SaslSettings } from '../cluster-settings.ts'
import { type JaasEntry, parseJaas } from './jaas.ts'
import { tokenSettings } from './oauth-settings.ts'
import type { Properties } from './properties.ts'

const MODULES: Readonly<Record<string, string>> = {
  PlainLoginModule: 'PLAIN',
  ScramLoginModule: 'SCRAM',
  OAuthBearerLoginModule: 'OAUTHBEARER',
  Krb5LoginModule: 'GSSAPI',
  IAMLoginModule: 'AWS_MSK_IAM',
}
const REFUSED: Readonly<Record<string, string>> = {
  GSSAPI: 'Kerberos (GSSAPI)',
  AWS_MSK_IAM: "Amazon's IAM",
  IAM: "Amazon's IAM",
}

/** As whom we come to the brokers, by Java's properties or by librdkafka's. */
export function saslSettings(properties: Properties, disk: ReadableDisk): SaslSettings {
  const place = properties.placeOf('sasl.jaas.config')
  const text = properties.get('sasl.jaas.config')
  const jaas = text === undefined ? undefined : parseJaas(text, place)
  const mechanism = mechanismOf(properties, jaas)
  const module = jaas === undefined ? undefined : (MODULES[jaas.module] ?? jaas.module)
  if (module !== undefined && !mechanism.startsWith(module)) {
    throw new FailedError(
      'wrong-login-module',
      `${place} has the module ${jaas?.module}, which does not go with sasl.mechanism=${mechanism}`,
    )
  }
  switch (mechanism) {
    case 'PLAIN':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return { mechanism, ...credentials(properties, jaas, place), ...delegation(mechanism, jaas) }
    case 'OAUTHBEARER':
      return tokenSettings(properties, jaas?.options ?? new Map(), disk)
    default:
      throw unknownMechanism(mechanism, properties)
  }
}

function mechanismOf(properties: Properties, jaas: JaasEntry | undefined): string {
  const said = properties.get('sasl.mechanism')?.toUpperCase()
  if (said !== undefined) return said
  const module = jaas === undefined ? undefined : MODULES[jaas.module]
  if (module !== undefined && module !== 'SCRAM') return module
  throw new FailedError('no-mechanism', 'security.protocol wants SASL, and no mechanism is said', {
    hint: 'say sasl.mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER',
  })
}

function credentials(properties: Properties, jaas: JaasEntry | undefined, place: string) {
  const username = jaas?.options.get('username') ?? properties.get('sasl.username')
  const password = jaas?.options.get('password') ?? properties.get('sasl.password')
  if (username !== undefined && password !== undefined) return { username, password }
  const missing = username === undefined ? 'user name' : 'password'
  throw new FailedError('no-credentials', `there is no ${missing} to log in with`, {
    hint:
      jaas === undefined
        ? 'say sasl.jaas.config, or sasl.username and sasl.password'
        : `it is missing among the options of ${place}`,
  })
}

function delegation(mechanism: string, jaas: JaasEntry | undefined) {
  const isToken = mechanism !== 'PLAIN' && jaas?.options.get('tokenauth')?.toLowerCase() === 'true'
  return isToken ? { isDelegationToken: true } : {}
}

function unknownMechanism(mechanism: string, properties: Properties): FailedError {
  const refused = REFUSED[mechanism]
  const hint = 'ktool knows PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER'
  if (refused !== undefined)
    return new FailedError('unsupported-mechanism', `ktool does not know ${refused}`, {
      hint: `${hint}; ask for a user of one of these, or for a client certificate`,
    })
  const words = `${properties.placeOf('sasl.mechanism')} is none that ktool knows`
  return new FailedError('unsupported-mechanism', words, { hint })
}
