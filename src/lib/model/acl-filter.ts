import type { Acl } from './acls.ts'

/** Which entries are meant; what is not said is any. */
export interface AclFilter {
  readonly principal?: string | undefined
  readonly host?: string | undefined
  readonly operation?: string | undefined
  readonly permission?: string | undefined
  readonly resourceType?: string | undefined
  readonly resourceName?: string | undefined
  /** `MATCH` are those that hold for the resource of that name, prefixes and `*` among them. */
  readonly patternType?: string | undefined
}

export function isMeant(acl: Acl, filter: AclFilter): boolean {
  const { resourceName, patternType, ...exact } = filter
  const isExact = Object.entries(exact).every(
    ([key, value]) => value === undefined || acl[key as keyof Acl] === value,
  )
  if (!isExact) return false
  if (patternType === 'MATCH') return resourceName === undefined || holdsFor(acl, resourceName)
  if (patternType !== undefined && acl.patternType !== patternType) return false
  return resourceName === undefined || acl.resourceName === resourceName
}

/** `*` stands for every name where it is literal; as a prefix it is but a character. */
export function holdsFor(acl: Pick<Acl, 'patternType' | 'resourceName'>, name: string): boolean {
  if (acl.patternType === 'PREFIXED') return name.startsWith(acl.resourceName)
  return acl.resourceName === name || acl.resourceName === '*'
}
