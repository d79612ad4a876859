import type { SaslServer } from '../../auth/sasl-server.ts'
import type { TlsServing } from '../../ports/network.ts'
import type { SecurityProtocol } from '../apis/handler.ts'
import type { Node } from '../node.ts'

/** How the clients of a listener prove who they are, and whether others can read along. */
export interface ListenerSecurity {
  readonly protocol: SecurityProtocol
  /** Nothing where anybody on the way can read along. */
  readonly tls: TlsServing | undefined
  /** Nothing where nobody has to log in. */
  readonly sasl: ListenerSasl | undefined
  /** Whom a certificate stands for. Throws an AuthError where it stands for nobody. */
  principalOf(certificate: Buffer | null): string
}

export interface ListenerSasl {
  /** As clients are told of them. */
  readonly mechanisms: readonly string[]
  readonly failureDelayMs: number
  /** A login by this mechanism lasts so long; 0: for ever. */
  sessionMs(mechanism: string): number
  /** The side of the broker, for one of the mechanisms. */
  begin(mechanism: string, node: Node): SaslServer
}

export const ANONYMOUS = 'User:ANONYMOUS'

export const plainSecurity: ListenerSecurity = {
  protocol: 'PLAINTEXT',
  tls: undefined,
  sasl: undefined,
  principalOf: () => ANONYMOUS,
}
