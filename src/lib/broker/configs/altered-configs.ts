import { ApiError } from '../api-error.ts'
import { type ConfigDefinition, REQUIRED } from './config-definition.ts'

/** IncrementalAlterConfigs' operations. */
export const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const

export interface Alteration {
  readonly name: string
  readonly configOperation: number
  readonly value: string | null
}

/** What becomes of the settings of a resource, by name; null is a setting that goes. */
export type ConfigChanges = ReadonlyMap<string, string | null>

/** What these alterations make of what is set. Throws INVALID_CONFIG where a value that is no list should grow. */
export function alteredBy(
  alterations: readonly Alteration[],
  set: ReadonlyMap<string, string>,
  find: (name: string) => ConfigDefinition | undefined,
): ConfigChanges {
  return new Map(
    alterations.map(({ name, configOperation, value }) => {
      if (configOperation === operations.delete || value === null) return [name, null]
      if (configOperation === operations.set) return [name, value]
      const items = listOf(name, set.get(name), configOperation, find(name))
      return [name, configOperation === operations.append ? appended(items, value) : without(items, value)]
    }),
  )
}

/** What the old way makes of it: what is not named goes. */
export function replacedBy(
  wanted: ReadonlyMap<string, string>,
  set: ReadonlyMap<string, string>,
): ConfigChanges {
  const gone = [...set.keys()].filter((name) => !wanted.has(name))
  return new Map<string, string | null>([...wanted, ...gone.map((name) => [name, null] as const)])
}

/** What will be set of the resource. */
export function afterwards(
  set: ReadonlyMap<string, string>,
  changes: ConfigChanges,
): ReadonlyMap<string, string> {
  const after = new Map(set)
  for (const [name, value] of changes) {
    if (value === null) after.delete(name)
    else after.set(name, value)
  }
  return after
}

/** Where nothing is set, Kafka begins with its own default, whatever server.properties says. */
function listOf(
  name: string,
  set: string | undefined,
  operation: number,
  definition: ConfigDefinition | undefined,
): string[] {
  if (definition?.type !== 'list') {
    const verb = operation === operations.append ? 'APPEND' : 'SUBTRACT'
    throw new ApiError('INVALID_CONFIG', `Can't ${verb} to key ${name} because its type is not LIST.`)
  }
  const ofDefault = definition.default === REQUIRED ? null : definition.default
  return (set ?? ofDefault ?? '').split(',').filter((item) => item !== '')
}

/** Blanks count: Kafka compares items as they are written. */
function appended(items: readonly string[], value: string): string {
  const there = new Set(items)
  const added = new Set(value.split(',').filter((item) => !there.has(item)))
  return [...items, ...added].join(',')
}

function without(items: readonly string[], value: string): string {
  const gone = new Set(value.split(','))
  return items.filter((item) => !gone.has(item)).join(',')
}
