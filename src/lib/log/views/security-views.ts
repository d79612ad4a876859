import type { AclsView } from '../../model/acls.ts'
import type { Quota, QuotasView } from '../../model/quotas.ts'
import type { UsersView } from '../../model/users.ts'
import type { MetadataImage } from '../cluster/metadata-image.ts'

export function diskAcls({ acls }: MetadataImage): AclsView {
  const order = (acl: (typeof acls)[number]) =>
    [acl.resourceType, acl.resourceName, acl.patternType, acl.principal, acl.host, acl.operation].join('\0')
  return {
    list: async () => acls.map(({ id: _, ...acl }) => acl).sort(by((acl) => order({ id: '', ...acl }))),
  }
}

export function diskUsers({ scram }: MetadataImage): UsersView {
  return { list: async () => scram.toSorted(by(({ user, mechanism }) => `${user}\0${mechanism}`)) }
}

export function diskQuotas({ quotas }: MetadataImage): QuotasView {
  return {
    list: async () =>
      quotas
        .flatMap(({ entity, values }): Quota[] =>
          [...values].map(([quota, value]) => ({ entity: Object.fromEntries(entity), quota, value })),
        )
        .sort(by(({ entity, quota }) => JSON.stringify([entity, quota]))),
  }
}

function by<T>(text: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (text(a) < text(b) ? -1 : 1)
}
