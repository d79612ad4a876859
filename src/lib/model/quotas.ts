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

/** By whose they are. */
export function sortedQuotas(quotas: readonly Quota[]): Quota[] {
  const order = ({ entity, quota }: Quota) => JSON.stringify([entity, quota])
  return quotas.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
}
