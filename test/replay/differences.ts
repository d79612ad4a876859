import { isObject, type Json } from './messages.ts'
import { keysOf, partners } from './pairs.ts'
import { comparable } from './record-bytes.ts'

export interface Rules {
  /** Values that differ from run to run: it is enough that both are there, or both are not. */
  readonly isLoose: (path: string, name: string) => boolean
  /** Parts that are no matter of the comparison. */
  readonly isLeftOut: (path: string, name: string) => boolean
  /** Lists where ours may lack or add items: those of the whole cluster. */
  readonly isOpenList: (path: string) => boolean
}

/** Where ours is not what was recorded, a line each. */
export function differences(
  recorded: Json,
  ours: Json | undefined,
  rules: Rules,
  path = '',
  name = '',
): string[] {
  if (rules.isLeftOut(path, name)) return []
  if (ours === undefined) return [`${path} is missing; Kafka has ${show(recorded)}`]
  if (Array.isArray(recorded) && Array.isArray(ours)) return ofLists(recorded, ours, rules, path, name)
  if (isObject(recorded) && isObject(ours)) {
    const names = new Set([...Object.keys(recorded), ...Object.keys(ours)])
    return [...names].flatMap((key) => {
      const at = path === '' ? key : `${path}.${key}`
      const theirs = recorded[key]
      if (theirs === undefined) {
        return rules.isLeftOut(at, key) ? [] : [`${at} is ${show(ours[key])}; Kafka has no such field`]
      }
      return differences(theirs, ours[key], rules, at, key)
    })
  }
  if (rules.isLoose(path, name) && isThere(recorded, name) === isThere(ours, name)) return []
  if (name === 'records' && typeof recorded === 'string' && typeof ours === 'string') {
    if (comparable(recorded) === comparable(ours)) return []
  }
  if (withoutTimes(recorded) === withoutTimes(ours)) return []
  return [`${path} is ${show(ours)}, Kafka's is ${show(recorded)}`]
}

function ofLists(
  recorded: readonly Json[],
  ours: readonly Json[],
  rules: Rules,
  path: string,
  name: string,
): string[] {
  const keys = keysOf(recorded)
  const isOpen = rules.isOpenList(path)
  const found: string[] = []
  if (!isOpen && recorded.length !== ours.length) {
    found.push(`${path} has ${ours.length} items, Kafka's ${recorded.length}`)
  }
  const mines = partners(recorded, ours)
  recorded.forEach((item, i) => {
    const mine = mines[i]
    if (mine === undefined && isOpen) return
    found.push(...differences(item, mine, rules, `${path}[${keys === undefined ? i : keys[i]}]`, name))
  })
  return found
}

/** −1, null, the empty text, the empty list and the zero id say that there is nothing. */
function isThere(value: Json, name: string): boolean {
  // The recorded cluster has the zero id.
  if (name === 'clusterId') return value !== null
  if (Array.isArray(value)) return value.length > 0
  return value !== null && value !== -1 && value !== '' && value !== 'AAAAAAAAAAAAAAAAAAAAAA'
}

function show(value: Json | undefined): string {
  const text = JSON.stringify(value)
  return text !== undefined && text.length > 200 ? `${text.slice(0, 200)}…` : String(text)
}

/** Messages name the moment in milliseconds, and times that are counted from it. */
function withoutTimes(value: Json): string {
  return JSON.stringify(value).replace(/-?\b\d{13,19}\b/g, '<ms>')
}
