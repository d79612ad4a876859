import type { Address } from '../../ports/network.ts'

/** Who is connected, as it is told. */
export interface Client {
  readonly id: number
  readonly peer: Address
  readonly listener: string
  readonly principal: string
  /** Of its last request; null before the first, and where it has none. */
  readonly clientId: string | null
  readonly softwareName: string
  readonly softwareVersion: string
  readonly requests: number
  /** For so long. */
  readonly connectedMs: number
  readonly idleMs: number
}
