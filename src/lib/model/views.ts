/**
 * What a place can tell, one view a noun. A live cluster and a set of log directories are two makers of them;
 * who asks a view does not know which it is, but for what each figure says of itself.
 */
export interface Served<View> {
  readonly view: View
}

/** A view that a place does not have, with the reason for the user. */
export interface NotServed {
  readonly view?: undefined
  /** As a sentence: why not, and what would have it. */
  readonly reason: string
  readonly hint?: string
}

export type Maybe<View> = Served<View> | NotServed
