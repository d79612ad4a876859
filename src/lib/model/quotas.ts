/** One limit of one entity. */
export interface Quota {
  /** Name by type (user, client-id, ip); a null name is the default of that type. */
  readonly entity: Readonly<Record<string, string | null>>
  /** `producer_byte_rate` … */
  readonly quota: string
  readonly value: number
}

export interface QuotasView {
  list(): Promise<readonly Quota[]>
}
