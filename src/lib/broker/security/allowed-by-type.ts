import type { Acl } from '../../model/acls.ts'

const EVERY_NAME = '*'
const EVERYBODY = 'User:*'

/**
 * Whether entries of one type leave anything at all that may be done so. As Kafka has it: one operation never stands
 * for another here, a denial of every name denies, and a permission of every name allows whatever else is denied.
 */
export function allowedByType(
  acls: readonly Acl[],
  who: { readonly principal: string; readonly host: string },
  operation: string,
): boolean {
  const own = acls.filter((acl) => isAbout(acl, who, operation))
  const denied = own.filter(({ permission }) => permission === 'DENY')
  const allowed = own.filter(({ permission }) => permission === 'ALLOW')
  if (denied.some(isOfEveryName)) return false
  if (allowed.some(isOfEveryName)) return true
  const names = new Set(denied.filter(isLiteral).map(({ resourceName }) => resourceName))
  const prefixes = denied.filter((acl) => !isLiteral(acl)).map(({ resourceName }) => resourceName)
  return allowed.some((acl) => {
    if (isLiteral(acl) && names.has(acl.resourceName)) return false
    return !prefixes.some((prefix) => acl.resourceName.startsWith(prefix))
  })
}

function isAbout(acl: Acl, { principal, host }: { principal: string; host: string }, operation: string) {
  const isHim = acl.principal === principal || acl.principal === EVERYBODY
  const isFromThere = acl.host === host || acl.host === '*'
  return isHim && isFromThere && (acl.operation === operation || acl.operation === 'ALL')
}

function isLiteral({ patternType }: Acl): boolean {
  return patternType === 'LITERAL'
}

function isOfEveryName(acl: Acl): boolean {
  return isLiteral(acl) && acl.resourceName === EVERY_NAME
}
