/** What a coordinator is asked for: the wire's numbers of it. */
export const coordinated = { group: 0, transaction: 1, sharePartition: 2 } as const
export type Coordinated = (typeof coordinated)[keyof typeof coordinated]

/** Whoever leads a partition of it coordinates what is kept there. */
export const coordinatorTopics: Readonly<Record<Coordinated, string>> = {
  [coordinated.group]: '__consumer_offsets',
  [coordinated.transaction]: '__transaction_state',
  [coordinated.sharePartition]: '__share_group_state',
}
