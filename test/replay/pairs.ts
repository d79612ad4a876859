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
  'producerId',
  'user',
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
  for (const i of inOrder(items)) {
    const key = keyOf(items[i] as Json)
    if (key === undefined) return undefined
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    keys[i] = count === 1 ? key : `${key} (${count})`
  }
  return keys
}

/** Places in a list by the errors there: Kafka shuffles some of its answers, so that nothing is told by their order. */
function inOrder(items: readonly Json[]): number[] {
  const errors = items.map((item) => (isObject(item) ? `${item.errorCode} ${item.errorMessage}` : ''))
  const compare = (a = '', b = '') => (a < b ? -1 : a > b ? 1 : 0)
  return items.map((_item, i) => i).sort((a, b) => compare(errors[a], errors[b]))
}

/** To each item of a list the one in ours that stands for the same thing: by name where all have one, else by place. */
export function partners(recorded: readonly Json[], ours: readonly Json[]): (Json | undefined)[] {
  const keys = keysOf(recorded)
  const ourKeys = keysOf(ours)
  if (keys === undefined || ourKeys === undefined || areUnknown(keys, ourKeys)) {
    return recorded.map((_item, i) => ours[i])
  }
  const byKey = new Map(ourKeys.map((key, i) => [key, ours[i]]))
  return keys.map((key) => byKey.get(key))
}

/** Producers that got their ids before anybody looked. */
function areUnknown(keys: readonly string[], ourKeys: readonly string[]): boolean {
  return keys.every((key) => key.startsWith('producerId=') && !ourKeys.includes(key))
}
