import type { ShareMember } from './share-group.ts'

/** How many members want each topic. */
export function subscriptionsOf(members: Iterable<ShareMember>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { topics } of members) {
    for (const topic of topics) counts.set(topic, (counts.get(topic) ?? 0) + 1)
  }
  return counts
}
