import type { Outcome } from './outcome.ts'

/** How far a level may go down: as long as nothing is lost by it, or whatever is lost. */
export const downgrades = ['safe', 'unsafe'] as const
export type Downgrade = (typeof downgrades)[number]

export interface FeatureEdit {
  readonly feature: string
  /** 0 disables it. */
  readonly level: number
  /** Null where it goes up. */
  readonly downgrade: Downgrade | null
}

export interface FeaturesChanger {
  /** All of them or none. With `isTrial` the controller says what it would say, and changes nothing. */
  update(edits: readonly FeatureEdit[], isTrial: boolean): Promise<readonly Outcome<null>[]>
}
