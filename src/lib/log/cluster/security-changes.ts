import { toInt64 } from '../../bytes/int64.ts'
import { aclWord } from '../../model/acls.ts'
import { scramMechanism } from '../../model/users.ts'
import {
  accessControlEntryRecord,
  delegationTokenRecord,
  removeAccessControlEntryRecord,
  removeDelegationTokenRecord,
  removeUserScramCredentialRecord,
  userScramCredentialRecord,
} from '../../protocol/records/cluster-metadata-security-records.ts'
import { change, type MetadataChange } from './metadata-change.ts'

/** What could be used to log in is not even taken into the state. */
export const securityChanges: readonly MetadataChange[] = [
  change(accessControlEntryRecord, ({ acls }, record) => {
    acls.set(record.id, {
      id: record.id,
      resourceType: aclWord('resourceType', record.resourceType),
      resourceName: record.resourceName,
      patternType: aclWord('patternType', record.patternType),
      principal: record.principal,
      host: record.host,
      operation: aclWord('operation', record.operation),
      permission: aclWord('permission', record.permissionType),
    })
  }),
  change(removeAccessControlEntryRecord, ({ acls }, { id }) => {
    acls.delete(id)
  }),
  change(userScramCredentialRecord, ({ scram }, { name, mechanism, iterations }) => {
    scram.set(credential(name, mechanism), { user: name, mechanism: scramMechanism(mechanism), iterations })
  }),
  change(removeUserScramCredentialRecord, ({ scram }, { name, mechanism }) => {
    scram.delete(credential(name, mechanism))
  }),
  change(delegationTokenRecord, ({ delegationTokens }, record) => {
    delegationTokens.set(record.tokenId, {
      tokenId: record.tokenId,
      owner: record.owner,
      requester: record.requester,
      renewers: record.renewers,
      issuedMs: toInt64(record.issueTimestamp),
      maxMs: toInt64(record.maxTimestamp),
      expiryMs: toInt64(record.expirationTimestamp),
    })
  }),
  change(removeDelegationTokenRecord, ({ delegationTokens }, { tokenId }) => {
    delegationTokens.delete(tokenId)
  }),
]

function credential(user: string, mechanism: number): string {
  return `${mechanism} ${user}`
}
