/** The first metadata versions that know of: who is about to leave, transactions (KIP-868), registered controllers (KIP-919), replicas' directories, ELR, directories that take no more. */
const KRAFT_MIGRATION = 8
const TRANSACTIONS = 13
const CONTROLLER_REGISTRATION = 15
const DIRECTORY_ASSIGNMENT = 17
const ELIGIBLE_LEADERS = 23
const CORDONED_DIRECTORIES = 30

/** Which versions of records a cluster of this metadata version writes. */
export interface RecordVersions {
  readonly partition: number
  readonly partitionChange: number
  readonly registerBroker: number
  readonly hasTransactions: boolean
  readonly hasControllerRegistrations: boolean
  readonly hasCordonedDirectories: boolean
}

export function recordVersionsOf(metadataVersion: number): RecordVersions {
  const partition = metadataVersion >= ELIGIBLE_LEADERS ? 2 : metadataVersion >= DIRECTORY_ASSIGNMENT ? 1 : 0
  return {
    partition,
    partitionChange: partition,
    registerBroker: registerBrokerVersion(metadataVersion),
    hasTransactions: metadataVersion >= TRANSACTIONS,
    hasControllerRegistrations: metadataVersion >= CONTROLLER_REGISTRATION,
    hasCordonedDirectories: metadataVersion >= CORDONED_DIRECTORIES,
  }
}

function registerBrokerVersion(metadataVersion: number): number {
  if (metadataVersion >= CORDONED_DIRECTORIES) return 4
  if (metadataVersion >= DIRECTORY_ASSIGNMENT) return 3
  return metadataVersion >= KRAFT_MIGRATION ? 2 : 1
}
