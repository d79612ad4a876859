/**
 * A number, or a list of them, that knows where it comes from and how far it can be trusted. A log directory knows less than
 * a live cluster, and a cluster less than one would like: neither may dress a guess as a fact.
 */
export type Figure<T = number | bigint> = KnownFigure<T> | UnknownFigure

export interface KnownFigure<T = number | bigint> {
  readonly value: T
  readonly from: 'broker' | 'file'
  /** `atLeast`: it may be more by now. `asOf`: it was so when it was written down. */
  readonly bound: 'exact' | 'atLeast' | 'asOf'
  readonly reason?: string
}

export interface UnknownFigure {
  readonly unknown: true
  readonly reason: string
}

export function unknown(reason: string): UnknownFigure {
  return { unknown: true, reason }
}

export function isFigure<T = number | bigint>(value: object): value is Figure<T> {
  return 'unknown' in value ? value.unknown === true : 'bound' in value && 'from' in value
}

export function isKnown<T>(figure: Figure<T>): figure is KnownFigure<T> {
  return !('unknown' in figure)
}
