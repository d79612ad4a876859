import type { ScramCredential } from '../../auth/scram-server.ts'
import {
  removeUserScramCredentialRecord,
  userScramCredentialRecord,
} from '../../protocol/records/cluster-metadata-security-records.ts'

export type StoredScram = ScramCredential

/** Nothing to keep: it is deleted. */
export interface ScramChange {
  readonly name: string
  readonly mechanism: number
  readonly credential: StoredScram | null
}

export function scramRecord({ name, mechanism, credential }: ScramChange): Buffer {
  if (credential === null) return removeUserScramCredentialRecord.encodeFramed({ name, mechanism }, 0)
  return userScramCredentialRecord.encodeFramed({ name, mechanism, ...credential }, 0)
}

export function readScram(record: Buffer): StoredScram {
  const { salt, storedKey, serverKey, iterations } = userScramCredentialRecord.decodeFramed(record).value
  return { salt, storedKey, serverKey, iterations }
}
