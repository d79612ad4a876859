import type { Acl } from './acls.ts'
import type { Outcome } from './outcome.ts'

export interface AclsChanger {
  add(acls: readonly Acl[]): Promise<readonly Outcome<null>[]>
  delete(acls: readonly Acl[]): Promise<readonly Outcome<null>[]>
}
