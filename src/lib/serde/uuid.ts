export const UUID_BYTES = 16

const CANONICAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** As RFC 9562 writes it, and Java's UUID prints it. */
export function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export function parseUuid(text: string): Buffer | undefined {
  return CANONICAL.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined
}
