import { isObject, type Json } from './messages.ts'

/** By what names an item within its list. */
const KEYS = [
  'name',
  'topicName',
  'topic',
  'groupId',
  'transactionalId',
  'partitionIndex',
  'index',
  'partition',
  'apiKey',
  'resourceName',
  'key',
  'topicId',
]

export function keyOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined
  const key = KEYS.find((each) => typeof item[each] === 'string' || typeof item[each] === 'number')
  return key === undefined ? undefined : `${key}=${item[key]}`
}

/** Tells the items of a list apart, the second of one name from the first; nothing where one has no name. */
export function keysOf(items: readonly Json[]): string[] | undefined {
  const counts = new Map<string, number>()
  const keys: string[] = []
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) return undefined
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    keys.push(count === 1 ? key : `${key} (${count})`)
  }
  return keys
}

/** To each item of a list the one in ours that stands for the same thing: by name where all have one, else by place. */
export function partners(recorded: readonly Json[], ours: readonly Json[]): (Json | undefined)[] {
  const keys = keysOf(recorded)
  const ourKeys = keysOf(ours)
  if (keys === undefined || ourKeys === undefined) return recorded.map((_item, i) => ours[i])
  const byKey = new Map(ourKeys.map((key, i) => [key, ours[i]]))
  return keys.map((key) => byKey.get(key))
}
