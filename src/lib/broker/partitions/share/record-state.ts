/** What a share group has done with a record (KIP-932), by the numbers that `__share_group_state` keeps. */
export const recordStates = { available: 0, acquired: 1, acknowledged: 2, archived: 4 } as const

export type RecordState = (typeof recordStates)[keyof typeof recordStates]

/** Nobody gets it any more. */
export function isFinal(state: RecordState): boolean {
  return state === recordStates.acknowledged || state === recordStates.archived
}

/** Throws on what no Kafka has written: the partition cannot be used then. */
export function recordStateOf(id: number): RecordState {
  for (const state of Object.values(recordStates)) if (state === id) return state
  throw new RangeError(`Unknown record state id: ${id}`)
}
