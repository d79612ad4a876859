import { Reader } from '../../../bytes/reader.ts'
import { DataError } from '../../../errors.ts'
import { consumerProtocolSubscription } from '../../../protocol/records/consumer-protocol-records.ts'
import type { ClassicMember } from './classic-member.ts'

const CONSUMER = 'consumer'
/** Every version begins as the first one does, those of the future as well. */
const FIRST_VERSION = 0

/** What the members of a consumer group have subscribed to; null where that cannot be known. */
export function subscribedTopics(
  protocolType: string | null,
  protocol: string | null,
  members: readonly ClassicMember[],
): ReadonlySet<string> | null {
  if (protocolType !== CONSUMER) return null
  if (members.length === 0) return new Set()
  if (protocol === null) return null
  try {
    return new Set(members.flatMap((member) => topicsOf(member.metadataOf(protocol))))
  } catch (cause) {
    if (cause instanceof DataError) return null
    throw cause
  }
}

function topicsOf(metadata: Buffer): readonly string[] {
  const reader = new Reader(metadata)
  reader.int16()
  return consumerProtocolSubscription.message.read(reader, FIRST_VERSION).topics
}
