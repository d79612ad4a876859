import type { CodePointSet } from './code-point-set.ts'

/** A pattern, taken apart. */
export type Syntax =
  | { readonly kind: 'one'; readonly set: CodePointSet }
  | { readonly kind: 'all'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'either'; readonly parts: readonly Syntax[] }
  /** Without a most: as often as it goes. */
  | { readonly kind: 'repeat'; readonly part: Syntax; readonly least: number; readonly most: number | null }
  | { readonly kind: 'at'; readonly place: Place }

export type Place = 'textBegin' | 'textEnd' | 'lineBegin' | 'lineEnd' | 'wordEdge' | 'noWordEdge'
