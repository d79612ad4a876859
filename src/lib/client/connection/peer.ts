import type { Address } from '../../ports/network.ts'

/** Who is at the other end. */
export interface Peer extends Address {
  /** As people are told who it is: `broker 3 at kafka3:9092`. */
  readonly name: string
}
