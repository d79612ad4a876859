import type { Random } from '../../../ports/random.ts'

/** As Kafka makes one: recognisable by what the client calls itself, and not to be guessed. */
export function newMemberId(random: Random, clientId: string, groupInstanceId: string | null): string {
  const hex = uuidBytes(random).toString('hex')
  const uuid = [0, 8, 12, 16, 20].map((from, i) => hex.slice(from, [8, 12, 16, 20, 32][i])).join('-')
  return `${groupInstanceId ?? clientId}-${uuid}`
}

const TRIES = 256

/**
 * Kafka goes through members by the hash of their ids. Of all ids that can be given, one that comes last has them lead
 * and be named in the order in which they joined: the same requests bring the same answers.
 */
export function newLastMemberId(
  random: Random,
  name: { readonly clientId: string; readonly groupInstanceId: string | null },
  isLast: (memberId: string) => boolean,
): string {
  let memberId = newMemberId(random, name.clientId, name.groupInstanceId)
  for (let i = 0; i < TRIES && !isLast(memberId); i++) {
    memberId = newMemberId(random, name.clientId, name.groupInstanceId)
  }
  return memberId
}

/** Version 4, variant 2 of RFC 4122. */
function uuidBytes(random: Random): Buffer {
  const bytes = random.bytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
}
