import { holdsFor } from './acl-filter.ts'
import type { Acl } from './acls.ts'

export interface AclQuestion {
  readonly principal: string
  readonly host: string
  readonly operation: string
  readonly resourceType: string
  readonly resourceName: string
}

export interface AclVerdict {
  /** `none`: no entry is about the resource, and then the brokers' allow.everyone.if.no.acl.found decides. */
  readonly verdict: 'allowed' | 'denied' | 'none'
  /** What decided it: the entries that deny, or else those that allow. */
  readonly because: readonly Acl[]
}

/** Who may do one of these may describe, or read the configs of, the same resource. */
const implied: Readonly<Record<string, readonly string[]>> = {
  DESCRIBE: ['READ', 'WRITE', 'DELETE', 'ALTER'],
  DESCRIBE_CONFIGS: ['ALTER_CONFIGS'],
}

/** As Kafka's authorizer decides: any denial wins, then any permission; super users are in no list of entries. */
export function checkAcls(acls: readonly Acl[], question: AclQuestion): AclVerdict {
  const about = acls.filter((acl) => acl.resourceType === question.resourceType && isAbout(acl, question))
  const own = about.filter((acl) => isOf(acl, question))
  const denying = own.filter((acl) => acl.permission === 'DENY' && isOperation(acl, [question.operation]))
  if (denying.length > 0) return { verdict: 'denied', because: denying }
  const enough = [question.operation, ...(implied[question.operation] ?? [])]
  const allowing = own.filter((acl) => acl.permission === 'ALLOW' && isOperation(acl, enough))
  if (allowing.length > 0) return { verdict: 'allowed', because: allowing }
  return { verdict: about.length === 0 ? 'none' : 'denied', because: [] }
}

function isAbout(acl: Acl, { resourceName }: AclQuestion): boolean {
  return holdsFor(acl, resourceName)
}

/** `User:*` is everybody, whatever the type of the principal. */
function isOf(acl: Acl, { principal, host }: AclQuestion): boolean {
  const isHim = acl.principal === principal || acl.principal === 'User:*'
  return isHim && (acl.host === '*' || acl.host === host)
}

function isOperation({ operation }: Acl, among: readonly string[]): boolean {
  return operation === 'ALL' || among.includes(operation)
}
