import type { Random } from '../../ports/random.ts'

/** Java's random UUID, as Kafka writes ids: 22 characters, of which the first is no `-`, that command lines read as a flag. */
export function randomId(random: Random): string {
  for (;;) {
    const bytes = random.bytes(16)
    // Version 4, variant 2 of RFC 4122.
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const id = bytes.toString('base64url')
    if (!id.startsWith('-')) return id
  }
}
