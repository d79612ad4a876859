import { array } from '../../schema/array.ts'
import { int8, int32, int64 } from '../../schema/numbers.ts'
import { bytes, string, uuid } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** Access control entries, SCRAM credentials and delegation tokens in `__cluster_metadata`. */

export const delegationTokenRecord = new LogRecord({
  name: 'DelegationTokenRecord',
  type: 'metadata',
  key: 10,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    owner: string,
    requester: string,
    renewers: array(string),
    issueTimestamp: int64,
    maxTimestamp: int64,
    expirationTimestamp: int64,
    tokenId: string,
  },
})

export const userScramCredentialRecord = new LogRecord({
  name: 'UserScramCredentialRecord',
  type: 'metadata',
  key: 11,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    name: string,
    mechanism: int8,
    salt: bytes,
    storedKey: bytes,
    serverKey: bytes,
    iterations: int32,
  },
})

export const accessControlEntryRecord = new LogRecord({
  name: 'AccessControlEntryRecord',
  type: 'metadata',
  key: 18,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    id: uuid,
    resourceType: int8,
    resourceName: string,
    patternType: int8,
    principal: string,
    host: string,
    operation: int8,
    permissionType: int8,
  },
})

export const removeAccessControlEntryRecord = new LogRecord({
  name: 'RemoveAccessControlEntryRecord',
  type: 'metadata',
  key: 19,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    id: uuid,
  },
})

export const removeUserScramCredentialRecord = new LogRecord({
  name: 'RemoveUserScramCredentialRecord',
  type: 'metadata',
  key: 22,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    name: string,
    mechanism: int8,
  },
})

export const removeDelegationTokenRecord = new LogRecord({
  name: 'RemoveDelegationTokenRecord',
  type: 'metadata',
  key: 26,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    tokenId: string,
  },
})
