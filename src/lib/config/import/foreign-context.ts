import { isMapping } from '../../values/mappings.ts'
import type { Context } from '../contexts.ts'

/** A cluster as another tool has it. */
export interface ForeignContext {
  readonly name: string
  readonly context: Context
}

export interface ForeignContexts {
  /** Whose file it is. */
  readonly tool: 'kaf' | 'kafkactl' | 'rpk' | 'properties'
  readonly contexts: readonly ForeignContext[]
  /** The one that the tool means by itself. */
  readonly current: string | null
}

export type Mapping = Readonly<Record<string, unknown>>

export function asMapping(value: unknown): Mapping {
  return isMapping(value) ? value : {}
}

export function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What the tools say of TLS and SASL, each in words of its own. */
export interface ForeignSecurity {
  readonly isTls: boolean
  readonly ca?: string | undefined
  readonly certificate?: string | undefined
  readonly key?: string | undefined
  readonly isUnverified?: boolean
  readonly mechanism?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/** The same as properties. */
export function propertiesOf(security: ForeignSecurity): Record<string, string> {
  const { isTls, ca, certificate, key, isUnverified = false, mechanism, username, password } = security
  const isSasl = mechanism !== undefined
  const protocol = `${isSasl ? 'SASL_' : ''}${isTls ? 'SSL' : 'PLAINTEXT'}`
  const said = {
    'security.protocol': protocol === 'PLAINTEXT' ? undefined : protocol,
    'sasl.mechanism': mechanism,
    'sasl.username': username,
    'sasl.password': password,
    'ssl.ca.location': ca,
    'ssl.certificate.location': certificate,
    'ssl.key.location': key,
    'enable.ssl.certificate.verification': isTls && isUnverified ? 'false' : undefined,
  }
  return Object.fromEntries(
    Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}

/** `scram-sha512`, `SCRAM-SHA-512`, `plaintext` … in Kafka's spelling. */
export function mechanismNamed(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const letters = text.toUpperCase().replaceAll(/[-_]/g, '')
  const names: Readonly<Record<string, string>> = {
    PLAIN: 'PLAIN',
    PLAINTEXT: 'PLAIN',
    SCRAMSHA256: 'SCRAM-SHA-256',
    SCRAMSHA512: 'SCRAM-SHA-512',
    OAUTH: 'OAUTHBEARER',
    OAUTHBEARER: 'OAUTHBEARER',
  }
  return names[letters] ?? text
}

export function contextOf(brokers: readonly string[], properties: Record<string, string>): Context {
  return {
    bootstrap: brokers.join(','),
    ...(Object.keys(properties).length > 0 && { properties }),
  }
}
