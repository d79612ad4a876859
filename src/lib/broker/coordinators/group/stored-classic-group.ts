/** A classic group as its record keeps it: what the last finished rebalance came to. */
export interface StoredClassicGroup {
  /** Empty while it has never had a member. */
  readonly protocolType: string
  readonly generation: number
  readonly protocol: string | null
  readonly leader: string | null
  /** When it came into its state; −1 where an older Kafka did not write it. */
  readonly stateTimestampMs: number
  readonly members: readonly StoredClassicMember[]
}

export interface StoredClassicMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  /** Under the protocol of the group. */
  readonly subscription: Buffer
  readonly assignment: Buffer
}
