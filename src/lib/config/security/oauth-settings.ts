import { fileURLToPath } from 'node:url'
import { FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { TokenSettings, TokenSource } from '../cluster-settings.ts'
import { commandWords } from './command-words.ts'
import { JaasLookup } from './jaas-lookup.ts'
import type { Properties } from './properties.ts'
import { tlsSettings } from './tls-settings.ts'
import { unsecuredSource } from './unsecured-settings.ts'

type Options = ReadonlyMap<string, string>

const OWN = 'ktool.sasl.oauthbearer.token'
const ENDPOINT = 'sasl.oauthbearer.token.endpoint.url'
const CLIENT_ID = 'sasl.oauthbearer.client.credentials.client.id'
const CLIENT_SECRET = 'sasl.oauthbearer.client.credentials.client.secret'

/** Where tokens come from, and what is told beside them. */
export function tokenSettings(properties: Properties, options: Options, disk: ReadableDisk): TokenSettings {
  const token = ownSource(properties) ?? endpointSource(properties, options, disk) ?? unsecuredSource(options)
  if (token === undefined) throw noToken()
  return { mechanism: 'OAUTHBEARER', token, extensions: extensionsOf(properties, options) }
}

function ownSource(properties: Properties): TokenSource | undefined {
  const token = properties.get(OWN)
  if (token !== undefined) return { kind: 'static', token: token.trim() }
  const path = properties.get(`${OWN}.file`)
  if (path !== undefined) return { kind: 'file', path }
  const command = properties.get(`${OWN}.command`)
  if (command === undefined) return undefined
  return { kind: 'command', command: commandWords(command, properties.placeOf(`${OWN}.command`)) }
}

function endpointSource(
  properties: Properties,
  options: Options,
  disk: ReadableDisk,
): TokenSource | undefined {
  const said = properties.get(ENDPOINT)
  if (said === undefined) return undefined
  if (/JwtBearer/.test(properties.get('sasl.oauthbearer.jwt.retriever.class') ?? '')) throw noJwtBearer()
  const url = urlOf(said, properties.placeOf(ENDPOINT))
  // Java's clients read a token that another program keeps fresh from such a URL.
  if (url.protocol === 'file:') return { kind: 'file', path: fileURLToPath(url) }
  const clientId = properties.get(CLIENT_ID) ?? options.get('clientId')
  const clientSecret = properties.get(CLIENT_SECRET) ?? options.get('clientSecret')
  if (clientId === undefined || clientSecret === undefined) throw noClient()
  return {
    kind: 'oidc',
    url: url.href,
    clientId,
    clientSecret,
    scope: properties.get('sasl.oauthbearer.scope') ?? options.get('scope') ?? null,
    encodesHeader: properties.flag('sasl.oauthbearer.header.urlencode', false),
    // Whoever gives out tokens is seldom signed by whoever signs brokers: as in Java, the module says of whom that is.
    trust: tlsSettings(new JaasLookup(options), disk),
  }
}

function urlOf(text: string, place: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^(?:https?|file):$/.test(url.protocol)) return url
  throw new FailedError('invalid-property', `${place} is no URL of http, https or file`)
}

/** `extension_NAME="…"` of Java's module, or librdkafka's list. */
function extensionsOf(properties: Properties, options: Options): Record<string, string> {
  const listed = (properties.get('sasl.oauthbearer.extensions') ?? '')
    .split(',')
    .map((pair) => pair.trim().split('='))
    .flatMap(([name = '', ...value]) => (name === '' ? [] : [[name, value.join('=')]]))
  const named = [...options].flatMap(([key, value]) => {
    const [, name] = /^(?:extension|unsecuredLoginExtension)_(.+)$/.exec(key) ?? []
    return name === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries([...listed, ...named])
}

function noToken(): FailedError {
  return new FailedError(
    'no-token-source',
    'OAUTHBEARER needs a token, and nothing says where it comes from',
    {
      hint: `say ${ENDPOINT}, ${CLIENT_ID} and its secret; or ${OWN}.file, or ${OWN}.command`,
    },
  )
}

function noClient(): FailedError {
  return new FailedError('no-credentials', `${ENDPOINT} needs a client id and its secret`, {
    hint: `say ${CLIENT_ID} and ${CLIENT_SECRET}, or clientId="…" and clientSecret="…" in sasl.jaas.config`,
  })
}

function noJwtBearer(): FailedError {
  return new FailedError(
    'unsupported-grant',
    'ktool knows no tokens for signed assertions (the grant jwt-bearer)',
    {
      hint: `use client credentials, or ${OWN}.command with a program that brings the token`,
    },
  )
}
