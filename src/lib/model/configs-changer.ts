import type { ShownConfigType } from './configs.ts'
import type { Outcome } from './outcome.ts'

export const configEdits = ['set', 'unset', 'append', 'subtract'] as const

export interface ConfigEdit {
  readonly resource: string
  readonly name: string
  readonly edit: (typeof configEdits)[number]
  /** Null for `unset`; what is added to a list or taken from it for the last two. */
  readonly value: string | null
}

export interface ConfigsChanger {
  /**
   * Changes what is named, and leaves the rest. All edits of a resource are done together or not at all; an outcome for
   * each edit, in their order. With `isTrial` they are only checked.
   */
  edit(
    type: ShownConfigType,
    edits: readonly ConfigEdit[],
    isTrial: boolean,
  ): Promise<readonly Outcome<null>[]>
}
