import type { KtoolError } from '../errors.ts'
import { type ConfigEntry, type ConfigsView, type ConfigsWish, shownConfigTypes } from '../model/configs.ts'
import type { ItemFailure } from '../model/outcome.ts'

export interface ConfigRows {
  readonly rows: readonly ConfigEntry[]
  readonly failures: readonly ItemFailure[]
  readonly notes: readonly string[]
  /** Of so many nothing was set. */
  readonly unsetCount: number
}

/** What was set of the named ones or holds for them, and of which nothing was set. */
export async function configRows(
  view: ConfigsView,
  typed: string,
  names: readonly string[] | undefined,
  wish: ConfigsWish,
): Promise<ConfigRows> {
  const types = shownConfigTypes.filter((type) => type === typed)
  const outcomes = (await Promise.all(types.map((type) => view.get(type, names, wish)))).flat()
  const rows: ConfigEntry[] = []
  const failures: { item: string; error: KtoolError }[] = []
  const notes: string[] = []
  for (const { item, outcome } of outcomes) {
    if (outcome instanceof Error) failures.push({ item, error: outcome })
    else if (outcome.length === 0) notes.push(nothingSet(typed, item))
    else rows.push(...outcome)
  }
  return { rows, failures, notes, unsetCount: notes.length }
}

function nothingSet(type: string, item: string): string {
  const whose =
    type === 'topics' || type === 'groups' ? 'the defaults of its brokers' : 'its file and the defaults'
  return `nothing was set of ${item}: it has ${whose}`
}
