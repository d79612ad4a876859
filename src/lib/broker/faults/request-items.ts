import {
  type Fields,
  isStruct,
  type Role,
  roleIn,
  type StructFields,
  type StructValue,
} from './message-roles.ts'

/** One of the things that a request asks about, as far as it says which. */
export interface Item {
  readonly topic?: string
  readonly partition?: number
  readonly group?: string
  readonly transactionalId?: string
}

export type TopicName = (topicId: string) => string | undefined
export type Chosen = (item: Item) => boolean

const TOPIC_RESOURCE = 2
const GROUP_RESOURCE = 32
const GROUP_KEY = 0
const TRANSACTION_KEY = 1

/** What all of a request is about. */
export function itemOfRequest(request: StructValue): Item {
  const { groupId, transactionalId, v3AndBelowTransactionalId, key, keyType } = request
  const item = {
    ...(said(groupId) && { group: groupId }),
    ...(said(transactionalId) && { transactionalId }),
    ...(said(v3AndBelowTransactionalId) && { transactionalId: v3AndBelowTransactionalId }),
  }
  return said(key) ? { ...item, ...coordinated(key, keyType) } : item
}

/** Every one of them, from the outside in; the request itself where it has no lists. */
export function itemsOf(request: StructValue, fields: Fields | StructFields, topicName: TopicName): Item[] {
  const outer = itemOfRequest(request)
  const inner = itemsIn(request, fields, outer, request, topicName)
  return inner.length === 0 ? [outer] : inner
}

function itemsIn(
  value: StructValue,
  fields: StructFields,
  outer: Item,
  request: StructValue,
  topicName: TopicName,
): Item[] {
  return Object.entries(fields).flatMap(([list, field]) => {
    const elements = value[list]
    if (!Array.isArray(elements)) return []
    const within = field.kind.fields
    const role = roleIn(list, within)
    // A list of what is none of the roles, such as directories, may hold some that are.
    return elements.flatMap((element: unknown) => {
      const item = role === undefined ? outer : extended(outer, role, element, request, topicName)
      const inner =
        within !== undefined && isStruct(element) && isAsked(list)
          ? itemsIn(element, within, item, request, topicName)
          : []
      return inner.length > 0 || role === undefined ? inner : [item]
    })
  })
}

/** Configs of a topic, or where its replicas go, are nothing of its own. */
export function isAsked(list: string): boolean {
  return list !== 'forgottenTopicsData' && list !== 'assignments' && list !== 'configs'
}

export function extended(
  outer: Item,
  role: Role,
  element: unknown,
  request: StructValue,
  topicName: TopicName,
): Item {
  if (role === 'coordinator') return { ...outer, ...coordinated(element, request.keyType) }
  if (role === 'partition') return withPartition(outer, element)
  if (role === 'topic') return withTopic(outer, element, topicName)
  const struct = isStruct(element) ? element : {}
  if (role === 'resource') return { ...outer, ...described(struct) }
  const id = isStruct(element) ? (element.groupId ?? element.transactionalId) : element
  if (role === 'group' && said(id)) return { ...outer, group: id }
  return role === 'transaction' && said(id) ? { ...outer, transactionalId: id } : outer
}

function withPartition(outer: Item, element: unknown): Item {
  const { partitionIndex, partition, partitionId, index } = isStruct(element) ? element : { index: element }
  const number = partitionIndex ?? partition ?? partitionId ?? index
  return typeof number === 'number' ? { ...outer, partition: number } : outer
}

function withTopic(outer: Item, element: unknown, topicName: TopicName): Item {
  if (!isStruct(element)) return said(element) ? { ...outer, topic: element } : outer
  const { topic, topicName: name, topicId } = element
  const told = [topic, name, element.name].find(said)
  const found = told ?? (said(topicId) ? topicName(topicId) : undefined)
  return found === undefined ? outer : { ...outer, topic: found }
}

function described({ resourceType, resourceName }: StructValue): Item {
  if (!said(resourceName)) return {}
  if (resourceType === TOPIC_RESOURCE) return { topic: resourceName }
  return resourceType === GROUP_RESOURCE ? { group: resourceName } : {}
}

function coordinated(key: unknown, keyType: unknown): Item {
  if (!said(key)) return {}
  if (keyType === TRANSACTION_KEY) return { transactionalId: key }
  return keyType === GROUP_KEY ? { group: key } : {}
}

function said(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
