/** What was asked of a group coordinator, and what it answered, each with its time since the story began. */
export type Event = Asked | Answered

export type Asked = {
  readonly atMs: number
  readonly ask: number
} & Question

export interface Answered {
  readonly atMs: number
  readonly answer: number
  readonly said: Said
}

export type Question =
  | JoinQuestion
  | {
      readonly kind: 'sync'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generation: number
      readonly assignments: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'beat' | 'commit'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generation: number
    }
  | { readonly kind: 'leave'; readonly leavers: readonly Leaver[] }
  | { readonly kind: 'describe' | 'committed' | 'delete' }

export interface JoinQuestion {
  readonly kind: 'join'
  readonly version: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Names with what the member says under them. */
  readonly protocols: Readonly<Record<string, string>>
  /** The id that Kafka thought of. */
  readonly given?: string
}

export interface Leaver {
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** An answer, the error by its name. */
export interface Said {
  readonly error: string
  readonly [fact: string]: unknown
}

export const CLIENT_ID = 'ktool-test'
export const PROTOCOL_TYPE = 'test'

/** What coordinators are told, so that much happens within seconds. */
export const storySettings = {
  'group.initial.rebalance.delay.ms': 0,
  'group.min.session.timeout.ms': 100,
  'group.max.size': 4,
} as const

export interface Story {
  readonly group: string
  readonly settings: Readonly<Record<string, number>>
  readonly events: readonly Event[]
}
