import type { Acl } from '../../model/acls.ts'
import type { PlanValue } from '../../model/plan.ts'

export const ACLS_PLAN = 'acls.alter'

const keys = [
  'permission',
  'operation',
  'resourceType',
  'resourceName',
  'patternType',
  'principal',
  'host',
] as const

/** What tells one entry from another is all of it. */
export function aclInWords(acl: Acl): string {
  const { permission, operation, resourceType, resourceName, patternType, principal, host } = acl
  const name = patternType === 'PREFIXED' ? `${resourceName} (prefix)` : resourceName
  return `${principal} from ${host} ${permission} ${operation} ${resourceType}:${name}`
}

export function aclAsPlan(acl: Acl): PlanValue {
  return Object.fromEntries(keys.map((key) => [key, acl[key]]))
}

/** Null where the value is of something else. */
export function aclOfPlan(value: PlanValue): Acl | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const fields = new Map(Object.entries(value))
  const acl: Partial<Record<keyof Acl, string>> = {}
  for (const key of keys) {
    const field = fields.get(key)
    if (typeof field !== 'string') return null
    acl[key] = field
  }
  return acl as Acl
}
