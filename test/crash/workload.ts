import type { Connection } from '../conformance/wire/connection.ts'

/** Work that goes on over kills, and a journal of what the broker acknowledged. */
export interface Workload {
  readonly name: string
  /** Once, before the first kill. */
  prepare(connection: Connection): Promise<void>
  /** One step; throws when the connection breaks under it. `acked` tells the loop that there is something to lose. */
  step(connection: Connection, acked: () => void): Promise<void>
  /** After a restart, before any step. Throws on what the journal contradicts. */
  check(connection: Connection): Promise<void>
}
