const MAPPED = /^::ffff:(?=\d+(?:\.\d+){3}$)/i

/**
 * As it is counted by. Kafka asks the resolver for a name; of this machine alone it is known without asking. An address
 * of IPv4 that came by a socket of IPv6 is what it is.
 */
export function addressOf(name: string): string {
  return name === 'localhost' ? '127.0.0.1' : name.replace(MAPPED, '')
}
