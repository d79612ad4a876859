import { FailedError } from '../../errors.ts'
import { type Acl, aclWordId } from '../../model/acls.ts'
import type { AclsChanger } from '../../model/acls-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { createAcls } from '../../protocol/apis/create-acls.ts'
import { deleteAcls } from '../../protocol/apis/delete-acls.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'

/** Version 0 knows no prefixes: it would take one for a literal name. */
const AS_PATTERNS = { min: 1 }

export function aclsChanger(cluster: Cluster): AclsChanger {
  return {
    async add(acls) {
      const creations = acls.map((acl) => ({
        ...entry(acl),
        resourceName: acl.resourceName,
        resourcePatternType: aclWordId('patternType', acl.patternType),
        principal: acl.principal,
        host: acl.host,
      }))
      const { results } = await askController(
        cluster,
        createAcls,
        { creations },
        codesOf('results'),
        AS_PATTERNS,
      )
      return outcomes(acls, results)
    },
    async delete(acls) {
      const filters = acls.map(({ resourceName, patternType, principal, host, ...acl }) => {
        const { resourceType, ...rest } = entry({ resourceName, patternType, principal, host, ...acl })
        return {
          ...rest,
          resourceTypeFilter: resourceType,
          resourceNameFilter: resourceName,
          patternTypeFilter: aclWordId('patternType', patternType),
          principalFilter: principal,
          hostFilter: host,
        }
      })
      const answer = await askController(
        cluster,
        deleteAcls,
        { filters },
        codesOf('filterResults'),
        AS_PATTERNS,
      )
      return outcomes(
        acls,
        answer.filterResults.map(({ errorCode, errorMessage, matchingAcls }) => {
          return matchingAcls.find((each) => each.errorCode !== 0) ?? { errorCode, errorMessage }
        }),
      )
    },
  }
}

function entry({ resourceType, operation, permission }: Acl) {
  return {
    resourceType: aclWordId('resourceType', resourceType),
    operation: aclWordId('operation', operation),
    permissionType: aclWordId('permission', permission),
  }
}

interface Coded {
  readonly errorCode: number
  readonly errorMessage?: string | null
}

function codesOf<Key extends string>(key: Key) {
  return (answer: Readonly<Record<Key, readonly Coded[]>>) => answer[key].map(({ errorCode }) => errorCode)
}

/** In the order of what was asked. */
function outcomes(acls: readonly Acl[], results: readonly Coded[]): Outcome<null>[] {
  return acls.map(({ resourceName }, i) => {
    const result = results[i]
    if (result === undefined) return { item: resourceName, outcome: leftOut() }
    const { errorCode, errorMessage } = result
    return { item: resourceName, outcome: errorCode === 0 ? null : brokerError(errorCode, errorMessage) }
  })
}

function leftOut(): FailedError {
  return new FailedError('not-answered', 'the broker said nothing of this entry')
}
