import { isStruct, roleIn, type StructFields, type StructValue } from './message-roles.ts'
import { type Chosen, extended, type Item, isAsked, type TopicName } from './request-items.ts'

export interface ItemFacts {
  readonly chosen: Chosen
  readonly topicName: TopicName
  readonly request: StructValue
}

/** A message without the elements that were chosen; an element that was about nothing else goes with them. */
export function withoutItems(
  value: StructValue,
  fields: StructFields,
  outer: Item,
  facts: ItemFacts,
): StructValue {
  const changed: Record<string, unknown> = { ...value }
  for (const [list, field] of Object.entries(fields)) {
    const elements = value[list]
    if (!Array.isArray(elements) || !isAsked(list)) continue
    const within = field.kind.fields
    changed[list] = elements.flatMap((element: unknown) => {
      const kept = keptOf(element, within, itemOf(list, within, element, outer, facts), facts)
      return kept === undefined ? [] : [kept.element]
    })
  }
  return changed
}

function itemOf(
  list: string,
  within: StructFields | undefined,
  element: unknown,
  outer: Item,
  { request, topicName }: ItemFacts,
): Item | undefined {
  const role = roleIn(list, within)
  return role === undefined ? undefined : extended(outer, role, element, request, topicName)
}

/** Nothing where it goes. */
function keptOf(
  element: unknown,
  within: StructFields | undefined,
  item: Item | undefined,
  facts: ItemFacts,
): { readonly element: unknown } | undefined {
  if (within === undefined || !isStruct(element)) return isKept(item, facts) ? { element } : undefined
  const struct = withoutItems(element, within, item ?? {}, facts)
  const before = countOf(element, within)
  if (before === 0) return isKept(item, facts) ? { element } : undefined
  return countOf(struct, within) === 0 ? undefined : { element: struct }
}

function isKept(item: Item | undefined, { chosen }: ItemFacts): boolean {
  return item === undefined || !chosen(item)
}

/** How many elements the lists of a struct have that are about something. */
function countOf(struct: StructValue, fields: StructFields): number {
  let count = 0
  for (const [list, { kind }] of Object.entries(fields)) {
    const elements = struct[list]
    if (Array.isArray(elements) && isAsked(list) && holdsItems(list, kind.fields)) count += elements.length
  }
  return count
}

function holdsItems(list: string, within: StructFields | undefined): boolean {
  if (roleIn(list, within) !== undefined) return true
  return Object.entries(within ?? {}).some(([name, { kind }]) => holdsItems(name, kind.fields))
}
