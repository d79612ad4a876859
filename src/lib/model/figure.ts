/**
 * A number that knows where it comes from and how far it can be trusted. A log directory knows less than
 * a live cluster, and a cluster less than one would like: neither may dress a guess as a fact.
 */
export type Figure = KnownFigure | UnknownFigure

export interface KnownFigure {
  readonly value: number | bigint
  readonly from: 'broker' | 'file'
  /** `atLeast`: it may be more by now. `asOf`: it was so when it was written down. */
  readonly bound: 'exact' | 'atLeast' | 'asOf'
  readonly reason?: string
}

export interface UnknownFigure {
  readonly unknown: true
  readonly reason: string
}

export function isFigure(value: object): value is Figure {
  return 'unknown' in value ? value.unknown === true : 'bound' in value && 'from' in value
}

export function isKnown(figure: Figure): figure is KnownFigure {
  return !('unknown' in figure)
}
