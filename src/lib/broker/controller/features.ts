/** A feature as this node supports it. */
export interface SupportedFeature {
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
}

/** Of Kafka 4.3.1. */
export const NEWEST_METADATA_VERSION = 30

/** What Kafka 4.3.1 says of itself, in the order in which its controller registers it. */
export const supportedFeatures: readonly SupportedFeature[] = [
  { name: 'group.version', minVersion: 0, maxVersion: 1 },
  { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
  { name: 'metadata.version', minVersion: 7, maxVersion: NEWEST_METADATA_VERSION },
  { name: 'share.version', minVersion: 0, maxVersion: 1 },
  { name: 'streams.version', minVersion: 0, maxVersion: 1 },
  { name: 'transaction.version', minVersion: 0, maxVersion: 2 },
  { name: 'eligible.leader.replicas.version', minVersion: 0, maxVersion: 1 },
]

export const ELIGIBLE_LEADERS = 'eligible.leader.replicas.version'

/** The levels of a directory that is formatted here, in the order in which `kafka-storage format` has them. */
export const formattedFeatures: ReadonlyMap<string, number> = new Map([
  ['metadata.version', NEWEST_METADATA_VERSION],
  [ELIGIBLE_LEADERS, 1],
  ['group.version', 1],
  ['share.version', 1],
  ['streams.version', 1],
  ['transaction.version', 2],
])

/** Those of directories that ktool formatted before it served groups of the newer kinds. */
export const formerlyFormatted: ReadonlyMap<string, number> = new Map([
  ['metadata.version', NEWEST_METADATA_VERSION],
  ['transaction.version', 2],
])
