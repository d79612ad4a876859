/**
 * Files. Reading and changing are two interfaces: whoever only reads asks for the first one,
 * and then cannot create, trim or lock anything.
 */
export interface ReadableDisk {
  openToRead(path: string): ReadableFile
  /** Sorted by name. */
  list(folder: string): DiskEntry[]
  /** Nothing where there is nothing. */
  stat(path: string): DiskStat | undefined
}

export interface Disk extends ReadableDisk {
  /** Makes the file if there is none, on request one that nobody else may read; what is in it stays. */
  openToAppend(path: string, access?: 'private'): AppendableFile
  makeFolder(path: string): void
  /** Replaces what stands at `to`. It outlives a power cut once `flushFolder` of both folders is done. */
  rename(from: string, to: string): void
  /** When a file was changed last. Not of a disk that keeps no such times. */
  setModified?(path: string, modifiedMs: number): void
  /** A file, or a folder with all that is in it. */
  remove(path: string): void
  /** Of the whole disk that the path lies on. Not from a disk that cannot tell. */
  space?(path: string): DiskSpace
  /** Makes created, renamed and removed names of a folder outlive a power cut. */
  flushFolder(path: string): Promise<void>
}

export interface DiskSpace {
  totalBytes: number
  /** For whoever is not root. */
  usableBytes: number
}

export type DiskKind = 'file' | 'folder' | 'other'

export interface DiskEntry {
  name: string
  kind: DiskKind
}

export interface DiskStat {
  kind: DiskKind
  sizeBytes: number
  modifiedMs: number
  /** Not from a disk that has no such numbers. */
  identity?: FileIdentity
}

/** By what the system itself tells files apart, and whose they are. */
export interface FileIdentity {
  device: number
  inode: number
  userId: number
}

export interface ReadableFile {
  readonly path: string
  sizeBytes(): number
  /** Fills `into` from `position`, and returns how much there was before the end of the file. */
  read(into: Uint8Array, position: number): number
  /** The same without making everyone else wait: for bytes that may have to come from the disk itself. */
  readCold(into: Uint8Array, position: number): Promise<number>
  /** Reads under way still end well. */
  close(): void
}

export interface AppendableFile extends ReadableFile {
  /** Adds all of it at the end, or throws and adds nothing. Returns where it starts. */
  append(bytes: Uint8Array): number
  /** Overwrites what is there. */
  write(bytes: Uint8Array, position: number): void
  truncate(sizeBytes: number): void
  /**
   * Resolves once all that was appended before the call is on the disk itself, to the size that is.
   * Those who ask while one is under way share the next. After a failure it fails for ever: the
   * system may have dropped the pages it could not write, and would call the next try a success.
   */
  flush(): Promise<number>
}
