import type { Api } from '../../protocol/api.ts'

export type Fields = Api['response']['fields']
export type FieldFacts = NonNullable<Fields[string]['kind']['fields']>[string]
export type StructFields = Readonly<Record<string, FieldFacts>>
export type StructValue = Readonly<Record<string, unknown>>

/** What the elements of a list are about, which requests and responses call by several names. */
export type Role =
  | 'topic'
  | 'partition'
  | 'group'
  | 'transaction'
  | 'resource'
  | 'member'
  | 'coordinator'
  | 'producer'
  | 'entity'
  | 'user'

/** Names of one thing, one list for each thing that tells elements of a role apart. */
const keys: Readonly<Record<Role, readonly (readonly string[])[]>> = {
  transaction: [['transactionalId']],
  group: [['groupId']],
  resource: [['resourceType'], ['resourceName']],
  partition: [['partitionIndex', 'partition', 'partitionId', 'index']],
  topic: [['topic', 'topicName', 'name'], ['topicId']],
  member: [['memberId'], ['groupInstanceId']],
  coordinator: [['key']],
  producer: [['producerId']],
  entity: [['entity']],
  user: [['user', 'name']],
}

/** Which field says what a struct is about; the first that is there decides. */
const deciding: readonly (readonly [string, Role])[] = [
  ['transactionalId', 'transaction'],
  ['groupId', 'group'],
  ['resourceType', 'resource'],
  ['partitionIndex', 'partition'],
  ['partitionId', 'partition'],
  ['partition', 'partition'],
  ['index', 'partition'],
  ['topicId', 'topic'],
  ['topic', 'topic'],
  ['topicName', 'topic'],
  ['memberId', 'member'],
  ['nodeId', 'coordinator'],
  ['producerId', 'producer'],
  ['entity', 'entity'],
  ['user', 'user'],
]

const ofPlainLists: Readonly<Record<string, Role>> = {
  partitions: 'partition',
  partitionIndexes: 'partition',
  topicNames: 'topic',
  groupsNames: 'group',
  groups: 'group',
  groupIds: 'group',
  transactionalIds: 'transaction',
  coordinatorKeys: 'coordinator',
}

const namedTopics =
  /^(topics|topicData|topicResults|v3AndBelowTopics|resultsByTopicV3AndBelow|results|responses)$/
const namedUsers = /^(users|deletions|upsertions)$/
/** What is said of an element and is none that is asked about. */
const particulars: ReadonlySet<string> = new Set([
  'assignments',
  'configs',
  'forgottenTopicsData',
  'currentVoters',
  'observers',
])

export function roleIn(list: string, fields: StructFields | undefined): Role | undefined {
  if (particulars.has(list)) return undefined
  if (fields === undefined) return ofPlainLists[list]
  const found = deciding.find(([name]) => fields[name] !== undefined)
  if (found !== undefined) return found[1]
  if (fields.name === undefined) return undefined
  if (namedTopics.test(list)) return 'topic'
  return namedUsers.test(list) ? 'user' : undefined
}

/** What tells an element from the others, by the names that the struct has for it. */
export function keysFor(role: Role, fields: StructFields, element: unknown): Record<string, unknown> {
  const copied: Record<string, unknown> = {}
  for (const names of keys[role]) {
    const name = names.find((one) => fields[one] !== undefined)
    const value = keyOf(names, element)
    if (name !== undefined && value !== undefined && value !== null) copied[name] = value
  }
  return copied
}

function keyOf(names: readonly string[], element: unknown): unknown {
  if (!isStruct(element)) return element
  const name = names.find((one) => element[one] !== undefined)
  return name === undefined ? undefined : element[name]
}

export function isSame(role: Role, one: unknown, other: unknown): boolean {
  return keys[role].every((names) => {
    const [a, b] = [keyOf(names, one), keyOf(names, other)]
    if (Array.isArray(a)) return JSON.stringify(a) === JSON.stringify(b)
    return (a ?? '') === (b ?? '')
  })
}

export function isStruct(value: unknown): value is StructValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
}

export function isIn({ versions }: FieldFacts, version: number): boolean {
  return version >= versions.min && version <= versions.max
}

export function isList({ kind }: FieldFacts): boolean {
  return Array.isArray(kind.zero())
}
