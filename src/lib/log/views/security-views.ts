import { type AclsView, sortedAcls } from '../../model/acls.ts'
import { type Quota, type QuotasView, sortedQuotas } from '../../model/quotas.ts'
import type { UsersView } from '../../model/users.ts'
import type { MetadataImage } from '../cluster/metadata-image.ts'

export function diskAcls({ acls }: MetadataImage): AclsView {
  return { list: async () => sortedAcls(acls.map(({ id: _, ...acl }) => acl)) }
}

export function diskUsers({ scram }: MetadataImage): UsersView {
  return { list: async () => scram.toSorted(by(({ user, mechanism }) => `${user}\0${mechanism}`)) }
}

export function diskQuotas({ quotas }: MetadataImage): QuotasView {
  return {
    list: async () =>
      sortedQuotas(
        quotas.flatMap(({ entity, values }): Quota[] =>
          [...values].map(([quota, value]) => ({ entity: Object.fromEntries(entity), quota, value })),
        ),
      ),
  }
}

function by<T>(text: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (text(a) < text(b) ? -1 : 1)
}
