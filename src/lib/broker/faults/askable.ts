import { UsageError } from '../../errors.ts'
import type { Api } from '../../protocol/api.ts'
import { isTopicName } from '../controller/topic-names.ts'
import type { FaultRule } from './fault-rule.ts'
import { type Role, roleIn, type StructFields } from './message-roles.ts'
import { isAsked } from './request-items.ts'

/** An API that is served, at which versions. */
export interface ServedApi {
  readonly api: Api
  readonly served: { readonly min: number; readonly max: number }
}

type Subject = 'topic' | 'partition' | 'group' | 'transactionalId'

const subjectsOfRoles: Partial<Record<Role, readonly Subject[]>> = {
  topic: ['topic'],
  partition: ['partition'],
  group: ['group'],
  transaction: ['transactionalId'],
  resource: ['topic', 'group'],
  coordinator: ['group', 'transactionalId'],
}

const subjectsOfFields: Readonly<Record<string, readonly Subject[]>> = {
  groupId: ['group'],
  transactionalId: ['transactionalId'],
  v3AndBelowTransactionalId: ['transactionalId'],
  keyType: ['group', 'transactionalId'],
}

const words: Readonly<Record<Subject, string>> = {
  topic: 'topic',
  partition: 'partition',
  group: 'group',
  transactionalId: 'transactional id',
}

/** Refuses a rule that could not strike anything, whatever its broker is asked. */
export function mustBeAskable({ filter, effects }: FaultRule, apis: readonly ServedApi[]): void {
  const strange = filter.topic.find((name) => !isTopicName(name))
  if (strange !== undefined) throw refused(`"${strange}" is no name of a topic`)
  const stray = filter.principal.find((name) => !/^[^:]+:./.test(name))
  if (stray !== undefined) throw refused(`"${stray}" is no principal`, 'it is written like User:anna')
  for (const { api, served } of apis.filter((one) => filter.api.includes(one.api.name))) {
    const missing = subjects.find((each) => filter[each].length > 0 && !subjectsOf(api).has(each))
    if (missing !== undefined)
      throw refused(
        `a request of ${api.name} is about no ${words[missing]}`,
        'leave out the one or the other',
      )
    const { min = served.min, max = served.max } = filter.apiVersion ?? {}
    if (max < served.min || min > served.max)
      throw refused(`${api.name} is served in versions ${served.min} to ${served.max} here`)
    if (effects.corrupt === 'records' && !hasRecords(api.response.fields))
      throw refused(`an answer of ${api.name} has no records to be corrupted`, 'Fetch and ShareFetch have')
  }
}

const subjects = Object.keys(words) as readonly Subject[]

function subjectsOf({ request }: Api): ReadonlySet<Subject> {
  const own = Object.keys(request.fields).flatMap((name) => subjectsOfFields[name] ?? [])
  return new Set([...own, ...subjectsWithin(request.fields)])
}

function subjectsWithin(fields: StructFields): Subject[] {
  return Object.entries(fields).flatMap(([list, { kind }]) => {
    if (!Array.isArray(kind.zero()) || !isAsked(list)) return []
    const role = roleIn(list, kind.fields)
    return [
      ...(role === undefined ? [] : (subjectsOfRoles[role] ?? [])),
      ...subjectsWithin(kind.fields ?? {}),
    ]
  })
}

function hasRecords(fields: StructFields): boolean {
  return Object.entries(fields).some(
    ([name, { kind }]) => name === 'records' || hasRecords(kind.fields ?? {}),
  )
}

function refused(message: string, hint?: string): UsageError {
  return new UsageError('invalid-fault', message, hint === undefined ? {} : { hint })
}
