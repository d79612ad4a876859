import { KtoolError } from '../errors.ts'
import type { GroupListing, GroupsView } from '../model/groups.ts'
import { failuresIn, type ItemFailure } from '../model/outcome.ts'
import { LinearPattern } from '../values/linear-pattern.ts'

export interface ChosenGroups {
  readonly groups: readonly string[]
  readonly failures: readonly ItemFailure[]
}

/** Groups that read by themselves: what `--all` means where offsets are moved. Connect's own groups commit nothing. */
export function isConsuming({ type, protocolType }: GroupListing): boolean {
  return type === 'Consumer' || (type === 'Classic' && (protocolType === 'consumer' || protocolType === ''))
}

/** All groups that are wanted of those that can be seen; what cannot be seen is a failure. */
export async function allGroups(
  view: GroupsView,
  isWanted: (listing: GroupListing) => boolean,
): Promise<ChosenGroups> {
  const listed = await view.list()
  return {
    groups: listed.flatMap(({ item, outcome }) =>
      !(outcome instanceof KtoolError) && isWanted(outcome) ? [item] : [],
    ),
    failures: failuresIn(listed),
  }
}

/** Groups whose whole name one of the patterns matches: `billing` does not mean `billing-2`. */
export function groupsMatching(view: GroupsView, patterns: readonly string[]): Promise<ChosenGroups> {
  const compiled = patterns.map((source) => new LinearPattern(source))
  return allGroups(view, ({ group }) => compiled.some((pattern) => pattern.matches(group)))
}
