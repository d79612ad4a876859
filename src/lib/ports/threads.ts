/** A second thread of this program, for work that is worth another processor. */
export interface Threads {
  /** Starts a thread that does the work of this name; nothing where there can be none. */
  start(work: string): Promise<Thread | undefined>
}

/** A thread as the one sees it that started it. Messages come in the order in which they were sent. */
export interface Thread {
  send(message: unknown): void
  /** A message that is there already. */
  poll(): unknown
  /** The next message. Fails once the thread has: it sends nothing any more. */
  receive(): Promise<unknown>
  stop(): void
}

/** The same from inside. */
export interface ThreadPort {
  send(message: unknown): void
  onMessage(take: (message: unknown) => void): void
}

/** Where one thread does it all. */
export const noThreads: Threads = { start: async () => undefined }
