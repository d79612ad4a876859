import { FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { TlsTrust } from '../../ports/network.ts'
import type { SaslSettings } from '../cluster-settings.ts'
import type { Properties } from './properties.ts'
import { saslSettings } from './sasl-settings.ts'
import { tlsSettings } from './tls-settings.ts'

export interface SecuritySettings {
  readonly tls: TlsTrust | null
  readonly sasl: SaslSettings | null
  /** What was said and does not count. */
  readonly notes: readonly string[]
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

/** `security.protocol`, and what goes with it. */
export function securitySettings(properties: Properties, disk: ReadableDisk): SecuritySettings {
  const protocol = properties.get('security.protocol')?.toUpperCase() ?? 'PLAINTEXT'
  if (!PROTOCOLS.includes(protocol)) {
    const place = properties.placeOf('security.protocol')
    throw new FailedError('invalid-property', `${place} is one of ${PROTOCOLS.join(', ')}`)
  }
  const hasTls = protocol.endsWith('SSL')
  const hasSasl = protocol.startsWith('SASL_')
  return {
    tls: hasTls ? tlsSettings(properties, disk) : null,
    sasl: hasSasl ? saslSettings(properties, disk) : null,
    notes: [...idleNotes(properties, protocol, hasTls, hasSasl), ...properties.notes()],
  }
}

/** Java's clients are silent about these, and people wonder. */
function idleNotes(properties: Properties, protocol: string, hasTls: boolean, hasSasl: boolean): string[] {
  const sasl = ['sasl.jaas.config', 'sasl.password'].find((key) => properties.get(key) !== undefined)
  const tls = ['ssl.truststore.location', 'ssl.ca.location', 'ssl.keystore.location'].find(
    (key) => properties.get(key) !== undefined,
  )
  const idle = [hasSasl ? undefined : sasl, hasTls ? undefined : tls].filter((key) => key !== undefined)
  return idle.map(
    (key) => `${properties.placeOf(key)} does not count, since security.protocol is ${protocol}`,
  )
}
