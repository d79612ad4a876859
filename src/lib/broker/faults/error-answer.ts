import type { Api } from '../../protocol/api.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import {
  isIn,
  isList,
  isStruct,
  keysFor,
  type Role,
  roleIn,
  type StructFields,
  type StructValue,
} from './message-roles.ts'
import { extended, type Item, isAsked, itemOfRequest } from './request-items.ts'
import type { ItemFacts } from './without-items.ts'

/** Kafka says them of a group, a session or the cluster, where an answer has a place for that. */
const wholeErrors: ReadonlySet<ErrorName> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'INVALID_GROUP_ID',
  'GROUP_ID_NOT_FOUND',
  'UNKNOWN_MEMBER_ID',
  'STALE_MEMBER_EPOCH',
  'NOT_CONTROLLER',
  'FETCH_SESSION_ID_NOT_FOUND',
  'INVALID_FETCH_SESSION_EPOCH',
  'FETCH_SESSION_TOPIC_ID_ERROR',
  'SHARE_SESSION_NOT_FOUND',
  'INVALID_SHARE_SESSION_EPOCH',
  'SHARE_SESSION_LIMIT_REACHED',
  'REBOOTSTRAP_REQUIRED',
])

/** What Kafka says beside an error where that is not the default of the field. */
const blanks: StructValue = {
  baseOffset: -1n,
  highWatermark: -1n,
  lowWatermark: -1n,
  committedOffset: -1n,
  metadata: '',
  records: Buffer.alloc(0),
  nodeId: -1,
  port: -1,
  producerId: -1n,
  producerEpoch: -1,
}

export interface ErrorFacts extends ItemFacts {
  readonly api: Api
  readonly version: number
  readonly error: ErrorName
  /** Somebody asked for topics or partitions, so that the error is theirs. */
  readonly isOfItems: boolean
  /** Beside the error, where an answer has a place for that. */
  readonly words?: string
}

interface Asked {
  readonly element: unknown
  readonly item: Item
}

/** What an answer says of the chosen: nothing where its version has no place for an error. */
export interface ErrorAnswer {
  readonly answer: StructValue
  /** The answer fails as a whole, and has nothing of what else was asked. */
  readonly isWhole: boolean
}

/**
 * An answer that refuses what was chosen, each in the field that the API has for it: the definitions of request and
 * response tell which list answers which.
 */
export function errorAnswer(facts: ErrorFacts): ErrorAnswer | undefined {
  const { api, request, version } = facts
  const { errorCode } = api.response.fields
  const hasOwn = errorCode !== undefined && isIn(errorCode, version)
  const blank = blankOf(api.response.fields)
  const said = { errorCode: errorCodes[facts.error], ...wordsOf(api.response.fields, facts) }
  const whole = { answer: { ...blank, ...echoed(facts), ...said }, isWhole: true }
  if (hasOwn && isWhole(facts)) return whole
  const outer = { element: request, item: itemOfRequest(request) }
  const lists = errorLists(api.response.fields, api.request.fields, outer, facts)
  if (Object.keys(lists).length > 0) return { answer: lists, isWhole: false }
  if (hasOwn) return whole
  // There is a place for errors, and nothing was asked that could have one.
  return hasError(api.response.fields, version) ? { answer: {}, isWhole: false } : undefined
}

function isWhole({ error, isOfItems }: ErrorFacts): boolean {
  return !isOfItems && wholeErrors.has(error)
}

/** Who asked is told who he is, such as in JoinGroup. */
function echoed({ api, request }: ErrorFacts): StructValue {
  const { memberId } = api.response.fields
  return memberId !== undefined && request.memberId !== undefined ? { memberId: request.memberId } : {}
}

function errorLists(
  fields: StructFields,
  asking: StructFields,
  outer: Asked,
  facts: ErrorFacts,
): Record<string, unknown[]> {
  const lists: Record<string, unknown[]> = {}
  for (const [list, field] of Object.entries(fields)) {
    const within = field.kind.fields
    const role = roleIn(list, within)
    const isThere = within !== undefined && isIn(field, facts.version) && isList(field)
    if (!isThere || role === undefined || !hasError(within, facts.version)) continue
    const elements = askedOf(role, asking, outer, facts)
    const refused = elements.flatMap((one) => refusal(role, within, asking, one, facts))
    if (refused.length > 0) lists[list] = refused
  }
  return lists
}

/** The fields of an element that was asked of are those of its list, whichever that is. */
function refusal(
  role: Role,
  within: StructFields,
  asking: StructFields,
  { element, item, fields }: Asked & { readonly fields?: StructFields | undefined },
  facts: ErrorFacts,
): StructValue[] {
  const own = errorField(within, facts.version)
  const inner =
    own !== undefined && isWhole(facts) ? {} : errorLists(within, fields ?? asking, { element, item }, facts)
  const keys = keysFor(role, within, element)
  if (Object.keys(inner).length > 0) return [{ ...keys, ...inner }]
  if (own === undefined || !isChosen(element, fields, item, facts)) return []
  return [{ ...blankOf(within), ...keys, [own]: errorCodes[facts.error], ...wordsOf(within, facts) }]
}

function wordsOf({ errorMessage }: StructFields, { words, version }: ErrorFacts): StructValue {
  const isTold = words !== undefined && errorMessage !== undefined && isIn(errorMessage, version)
  return isTold ? { errorMessage: words } : {}
}

function blankOf(fields: StructFields): StructValue {
  return Object.fromEntries(Object.entries(blanks).filter(([name]) => fields[name] !== undefined))
}

/** It is chosen itself, or by one of those within, of which the answer says nothing. */
function isChosen(
  element: unknown,
  fields: StructFields | undefined,
  item: Item,
  facts: ErrorFacts,
): boolean {
  if (facts.chosen(item)) return true
  const roles: readonly Role[] = ['topic', 'partition']
  return roles.some((role) =>
    askedOf(role, fields ?? {}, { element, item }, facts).some((inner) => facts.chosen(inner.item)),
  )
}

/** What a request asks of this role, however deep; several lists may, of which a version fills one. */
function askedOf(
  role: Role,
  asking: StructFields,
  outer: Asked,
  facts: ErrorFacts,
): (Asked & { readonly fields?: StructFields | undefined })[] {
  if (!isStruct(outer.element)) return []
  const struct = outer.element
  return Object.entries(asking).flatMap(([list, { kind }]) => {
    const elements = struct[list]
    if (!Array.isArray(elements) || !isAsked(list)) return []
    const found = roleIn(list, kind.fields)
    return elements.flatMap((element: unknown) => {
      const item =
        found === undefined
          ? outer.item
          : extended(outer.item, found, element, facts.request, facts.topicName)
      if (found === role) return [{ element, item, fields: kind.fields }]
      return askedOf(role, kind.fields ?? {}, { element, item }, facts)
    })
  })
}

function errorField(fields: StructFields, version: number): string | undefined {
  return ['errorCode', 'partitionErrorCode'].find((name) => {
    const field = fields[name]
    return field !== undefined && isIn(field, version)
  })
}

function hasError(fields: StructFields, version: number): boolean {
  if (errorField(fields, version) !== undefined) return true
  return Object.values(fields).some((field) => {
    const within = field.kind.fields
    return within !== undefined && isIn(field, version) && isList(field) && hasError(within, version)
  })
}
