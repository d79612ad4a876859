/** Brokers before Kafka 2.8 know no ids of topics, and say so with zeros. */
const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

export function knownId(id: string): string | null {
  return id === NO_ID ? null : id
}
