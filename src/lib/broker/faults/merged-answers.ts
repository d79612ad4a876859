import { isSame, isStruct, roleIn, type StructFields, type StructValue } from './message-roles.ts'

/** An answer with the elements of another one: what both speak of stands there once. */
export function mergedAnswers(answer: StructValue, other: StructValue, fields: StructFields): StructValue {
  const merged: Record<string, unknown> = { ...answer }
  for (const [list, elements] of Object.entries(other)) {
    const here = answer[list]
    if (Array.isArray(elements))
      merged[list] = mergedLists(list, Array.isArray(here) ? here : [], elements, fields[list]?.kind.fields)
  }
  return merged
}

function mergedLists(
  list: string,
  here: readonly unknown[],
  others: readonly unknown[],
  within: StructFields | undefined,
): unknown[] {
  const all = [...here]
  const role = roleIn(list, within)
  for (const other of others) {
    const at = role === undefined ? -1 : all.findIndex((one) => isSame(role, one, other))
    const known = all[at]
    if (within !== undefined && isStruct(known) && isStruct(other)) {
      all[at] = mergedAnswers(known, other, within)
    } else all.push(other)
  }
  return all
}
