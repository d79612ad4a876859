/** Keeps two programs of ours from writing one directory. */
export interface DirectoryLock {
  /** `owner` is what others are told, such as the process and where it listens. Throws where another has it. */
  hold(directory: string, owner: DirectoryHolder): Promise<HeldDirectory>
  /** Throws the same without taking it: for whoever only reads, and wants it at rest. */
  mustBeFree(directory: string): Promise<void>
}

export interface DirectoryHolder {
  readonly processId: number
  readonly command: string
  readonly startedMs: number
}

export interface HeldDirectory {
  /** The system does it too when the process ends, however it ends. */
  release(): Promise<void>
}
