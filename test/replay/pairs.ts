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
]

export function keyOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined
  const key = KEYS.find((each) => typeof item[each] === 'string' || typeof item[each] === 'number')
  return key === undefined ? undefined : `${key}=${item[key]}`
}

/** The keys of a list whose items they tell apart. */
export function keysOf(items: readonly Json[]): string[] | undefined {
  const keys = items.map(keyOf).filter((key) => key !== undefined)
  return keys.length === items.length && new Set(keys).size === keys.length ? keys : undefined
}

/** Items of two lists that stand for the same thing: by their keys where these tell them apart, else by place. */
export function pairs(recorded: readonly Json[], ours: readonly Json[]): [Json, Json][] {
  const keys = keysOf(recorded)
  const byKey = new Map(ours.map((item) => [keyOf(item), item]))
  return recorded.flatMap((item, i): [Json, Json][] => {
    const mine = keys === undefined ? ours[i] : byKey.get(keys[i])
    return mine === undefined ? [] : [[item, mine]]
  })
}
