/** Whose directories these are. */
export interface Identity {
  readonly clusterId: string
  readonly nodeId: number
  /** Where the metadata log lies. */
  readonly metadataDir: string
  /** As they are named. */
  readonly logDirs: readonly DirectoryIdentity[]
}

export interface DirectoryIdentity {
  readonly path: string
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: string
}
