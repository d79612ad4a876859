import type { Outcome } from './outcome.ts'
import type { Quota } from './quotas.ts'

/** A limit that is to be; a null value takes it away. */
export interface QuotaEdit extends Omit<Quota, 'value'> {
  readonly value: number | null
}

export interface QuotasChanger {
  /** With `isTrial` the cluster says what it would say, and changes nothing. */
  edit(edits: readonly QuotaEdit[], isTrial: boolean): Promise<readonly Outcome<null>[]>
}
