/** Kafka's ids of no directory: of a cluster that knew of none, not assigned yet, and lost. */
export const MIGRATING = 'AAAAAAAAAAAAAAAAAAAAAA'
export const UNASSIGNED = 'AAAAAAAAAAAAAAAAAAAAAQ'
const LOST = 'AAAAAAAAAAAAAAAAAAAAAg'

const none: ReadonlySet<string> = new Set([MIGRATING, UNASSIGNED, LOST])

/** Whether it is the id of a directory. */
export function isAssigned(directoryId: string): boolean {
  return !none.has(directoryId)
}

/** As Kafka's brokers tell of their directories: by the numbers that the ids are, with their signs. */
export function inOrder(directoryIds: readonly string[]): string[] {
  const halves = new Map(directoryIds.map((id) => [id, halvesOf(id)]))
  const half = (id: string, which: 0 | 1) => halves.get(id)?.[which] ?? 0n
  return [...directoryIds].sort((a, b) => sign(half(a, 0) - half(b, 0)) || sign(half(a, 1) - half(b, 1)))
}

function halvesOf(id: string): readonly [bigint, bigint] {
  const bytes = Buffer.from(id, 'base64url')
  return bytes.length < 16 ? [0n, 0n] : [bytes.readBigInt64BE(0), bytes.readBigInt64BE(8)]
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
