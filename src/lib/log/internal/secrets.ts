import type { LogRecord } from '../../protocol/log-record.ts'
import { configRecord } from '../../protocol/records/cluster-metadata-records.ts'
import {
  delegationTokenRecord,
  removeDelegationTokenRecord,
  userScramCredentialRecord,
} from '../../protocol/records/cluster-metadata-security-records.ts'
import { COVER, type Json } from './internal-record.ts'

/** A record with blanks in place of its secrets: what may be printed. */
export interface CoveredCopy {
  readonly json: Json
  readonly bytes: Buffer
  readonly covered: readonly string[]
}

/** The HMAC of a token is made from its id; the id is half of what opens the door. */
const secretFields: ReadonlyMap<string, readonly string[]> = new Map([
  [userScramCredentialRecord.name, ['salt', 'storedKey', 'serverKey']],
  [delegationTokenRecord.name, ['tokenId']],
  [removeDelegationTokenRecord.name, ['tokenId']],
])

/** Configs are kept as they were typed; these hold what Kafka itself calls a password. */
const SECRET_CONFIG = /password|secret|credential|jaas\.config|keystore\.key/i

export function isSecretType(name: string): boolean {
  return secretFields.has(name) || name === configRecord.name
}

/** Nothing where the record holds no secret. */
export function coveredCopy(record: LogRecord, bytes: Buffer, json: Json): CoveredCopy | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const covered = secretsIn(record.name, json).filter((field) => json[field] !== null)
  if (covered.length === 0) return undefined
  const { value, version } = record.decodeFramed(bytes)
  const blank = Object.fromEntries(covered.map((field) => [field, blankOf(value[field])]))
  return {
    json: { ...json, ...Object.fromEntries(covered.map((field) => [field, COVER])) },
    bytes: record.encodeFramed({ ...value, ...blank }, version),
    covered,
  }
}

function secretsIn(type: string, json: { [key: string]: Json }): readonly string[] {
  if (type !== configRecord.name) return secretFields.get(type) ?? []
  return typeof json.name === 'string' && SECRET_CONFIG.test(json.name) ? ['value'] : []
}

/** As long as the secret, so that the rest of the record stays where it is. */
function blankOf(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return Buffer.alloc(value.length)
  return typeof value === 'string' ? '*'.repeat(Buffer.byteLength(value)) : value
}
