import { Reader } from '../../bytes/reader.ts'
import { DataError } from '../../errors.ts'
import type { LogRecord } from '../../protocol/log-record.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../protocol/records/consumer-protocol-records.ts'
import type { Json } from './internal-record.ts'

/**
 * A classic group keeps what its members told each other as bytes that only they understand. Members of the
 * type `consumer` speak a protocol that is known; where its bytes parse they are shown as what they say.
 */
export function withConsumerProtocol(group: Json): Json {
  if (!isObject(group) || group.protocolType !== 'consumer' || !Array.isArray(group.members)) return group
  const members = group.members.map((member) =>
    isObject(member)
      ? {
          ...member,
          subscription: said(consumerProtocolSubscription, member.subscription),
          assignment: said(consumerProtocolAssignment, member.assignment),
        }
      : member,
  )
  return { ...group, members }
}

function said(record: LogRecord, base64: Json | undefined): Json {
  if (typeof base64 !== 'string') return base64 ?? null
  const bytes = Buffer.from(base64, 'base64')
  // A version of the future begins with what the newest known one has; the rest is passed over, as Kafka does.
  const version = Math.min(bytes.length < 2 ? -1 : bytes.readInt16BE(0), record.message.versions.max)
  if (version < 0) return base64
  try {
    return record.message.toJson(record.message.read(new Reader(bytes, 2), version), version)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    return base64
  }
}

function isObject(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
