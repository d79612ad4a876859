import type { AclFilter } from '../../model/acl-filter.ts'
import { type Acl, type AclWord, aclWord, aclWordId } from '../../model/acls.ts'

const UNKNOWN = 'UNKNOWN'
const ANY = 'ANY'

interface FilterFields {
  readonly resourceTypeFilter: number
  readonly resourceNameFilter: string | null
  readonly patternTypeFilter: number
  readonly principalFilter: string | null
  readonly hostFilter: string | null
  readonly operation: number
  readonly permissionType: number
}

interface EntryFields {
  readonly resourceType: number
  readonly resourceName: string
  readonly resourcePatternType: number
  readonly principal: string
  readonly host: string
  readonly operation: number
  readonly permissionType: number
}

/** The numbers of the four kinds, of which 0 says that whoever asks does not know what he asks. */
export function isUnsaid(
  fields: Pick<FilterFields, 'operation' | 'permissionType'>,
  type: number,
  pattern: number,
): boolean {
  return [type, pattern, fields.operation, fields.permissionType].includes(0)
}

export function aclOf(fields: EntryFields): Acl {
  return {
    principal: fields.principal,
    host: fields.host,
    operation: word('operation', fields.operation),
    permission: word('permission', fields.permissionType),
    resourceType: word('resourceType', fields.resourceType),
    resourceName: fields.resourceName,
    patternType: word('patternType', fields.resourcePatternType),
  }
}

export function filterOf(fields: FilterFields): AclFilter {
  return {
    principal: fields.principalFilter ?? undefined,
    host: fields.hostFilter ?? undefined,
    operation: unlessAny(word('operation', fields.operation)),
    permission: unlessAny(word('permission', fields.permissionType)),
    resourceType: unlessAny(word('resourceType', fields.resourceTypeFilter)),
    resourceName: fields.resourceNameFilter ?? undefined,
    patternType: unlessAny(word('patternType', fields.patternTypeFilter)),
  }
}

/** As entries stand in answers. */
export function entryFields({ principal, host, operation, permission }: Acl) {
  return {
    principal,
    host,
    operation: number('operation', operation),
    permissionType: number('permission', permission),
  }
}

/** And what they are about. */
export function patternFields({ resourceType, resourceName, patternType }: Acl) {
  return {
    resourceType: number('resourceType', resourceType),
    resourceName,
    patternType: number('patternType', patternType),
  }
}

/** What only a later Kafka knows is unknown. */
function word(kind: AclWord, id: number): string {
  const known = aclWord(kind, id)
  return known.startsWith(UNKNOWN) ? UNKNOWN : known
}

function number(kind: AclWord, known: string): number {
  return Math.max(0, aclWordId(kind, known))
}

function unlessAny(known: string): string | undefined {
  return known === ANY ? undefined : known
}
