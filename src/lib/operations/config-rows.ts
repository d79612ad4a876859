import type { KtoolError } from '../errors.ts'
import { type ConfigEntry, type ConfigsView, configTypes } from '../model/configs.ts'

export interface ConfigRows {
  readonly rows: readonly ConfigEntry[]
  readonly failures: readonly { readonly item: string; readonly error: KtoolError }[]
  readonly notes: readonly string[]
}

/** What was set of the named ones, and of which nothing was. */
export async function configRows(
  view: ConfigsView,
  typed: string,
  names: readonly string[] | undefined,
): Promise<ConfigRows> {
  const types = configTypes.filter((type) => type === typed)
  const outcomes = (await Promise.all(types.map((type) => view.get(type, names)))).flat()
  const rows: ConfigEntry[] = []
  const failures: { item: string; error: KtoolError }[] = []
  const notes: string[] = []
  for (const { item, outcome } of outcomes) {
    if (outcome instanceof Error) failures.push({ item, error: outcome })
    else if (outcome.length === 0)
      notes.push(`nothing was set of ${item}: it has the defaults of its brokers`)
    else rows.push(...outcome)
  }
  return { rows, failures, notes }
}
