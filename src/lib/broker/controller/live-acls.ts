import type { AclImage } from '../../log/cluster/metadata-image.ts'
import type { MetadataState } from '../../log/cluster/metadata-state.ts'
import { type Acl, aclWordId } from '../../model/acls.ts'
import type { Random } from '../../ports/random.ts'
import {
  accessControlEntryRecord,
  removeAccessControlEntryRecord,
} from '../../protocol/records/cluster-metadata-security-records.ts'
import { randomId } from './random-id.ts'

/** Who may do what, as the metadata has it. */
export class LiveAcls {
  readonly #state: Pick<MetadataState, 'acls'>
  readonly #random: Random
  readonly #append: (records: readonly Buffer[]) => void

  constructor(
    state: Pick<MetadataState, 'acls'>,
    random: Random,
    append: (records: readonly Buffer[]) => void,
  ) {
    this.#state = state
    this.#random = random
    this.#append = append
  }

  /** By their ids. */
  all(): ReadonlyMap<string, AclImage> {
    return this.#state.acls
  }

  /** In one batch, each that is not there yet. They were checked before. */
  create(acls: readonly Acl[]): void {
    const known = new Set([...this.#state.acls.values()].map(textOf))
    const records = acls.flatMap((acl) => {
      if (known.has(textOf(acl))) return []
      known.add(textOf(acl))
      return [recordOf(acl, this.#freeId())]
    })
    if (records.length > 0) this.#append(records)
  }

  /** By their ids, in one batch. */
  remove(ids: Iterable<string>): void {
    const records = [...ids].map((id) => removeAccessControlEntryRecord.encodeFramed({ id }, 0))
    if (records.length > 0) this.#append(records)
  }

  #freeId(): string {
    for (;;) {
      const id = randomId(this.#random)
      if (!this.#state.acls.has(id)) return id
    }
  }
}

function recordOf(acl: Acl, id: string): Buffer {
  const fields = {
    id,
    resourceType: aclWordId('resourceType', acl.resourceType),
    resourceName: acl.resourceName,
    patternType: aclWordId('patternType', acl.patternType),
    principal: acl.principal,
    host: acl.host,
    operation: aclWordId('operation', acl.operation),
    permissionType: aclWordId('permission', acl.permission),
  }
  return accessControlEntryRecord.encodeFramed(fields, 0)
}

function textOf({ principal, host, operation, permission, resourceType, ...acl }: Acl): string {
  const { resourceName, patternType } = acl
  return JSON.stringify([resourceType, patternType, resourceName, principal, host, operation, permission])
}
