const internalTopics: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
])

/** Topics that belong to coordinators: clients may read them, and change nothing. */
export function isInternalTopic(topic: string): boolean {
  return internalTopics.has(topic)
}
