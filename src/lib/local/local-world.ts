import type { BrokerPorts } from '../broker/broker-ports.ts'
import type { UserEnvironment } from '../config/user-folders.ts'

export interface LocalWorld extends UserEnvironment {
  readonly ports: BrokerPorts
  /** Of this program. */
  readonly processId: number
}
