import { type Acl, type AclsView, aclWord, sortedAcls } from '../../model/acls.ts'
import { describeAcls } from '../../protocol/apis/describe-acls.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'

/** The wire's word for whatever there is. */
const ANY = 1

const everything = {
  resourceTypeFilter: ANY,
  resourceNameFilter: null,
  patternTypeFilter: ANY,
  principalFilter: null,
  hostFilter: null,
  operation: ANY,
  permissionType: ANY,
}

/** Access control entries as the authorizer of the brokers has them. */
export function liveAcls(cluster: Cluster): AclsView {
  return {
    async list() {
      const { errorCode, errorMessage, resources } = await cluster.ask(describeAcls, everything, { min: 1 })
      if (errorCode !== 0) throw brokerError(errorCode, errorMessage)
      const acls = resources.flatMap(({ resourceType, resourceName, patternType, acls }) =>
        acls.map(
          ({ principal, host, operation, permissionType }): Acl => ({
            principal,
            host,
            operation: aclWord('operation', operation),
            permission: aclWord('permission', permissionType),
            resourceType: aclWord('resourceType', resourceType),
            resourceName,
            patternType: aclWord('patternType', patternType),
          }),
        ),
      )
      return sortedAcls(acls)
    },
  }
}
