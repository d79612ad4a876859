/** `info` is good to know and no trouble, `unknown` could not be asked. */
export type HealthState = 'ok' | 'info' | 'trouble' | 'unknown'

export interface HealthCheck {
  readonly check: string
  readonly state: HealthState
  /** How many there are that the check is about. */
  readonly count: number | null
  readonly detail: string | null
}
