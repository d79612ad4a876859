import type { ConnectionFacts, SecurityProtocol } from '../apis/handler.ts'
import { ANONYMOUS } from '../security/listener-security.ts'

/** Thousands of connections may idle, so what only a waiting request needs is made for it. */
export class ConnectionIdentity implements ConnectionFacts {
  readonly id: number
  readonly peerHost: string
  readonly listenerName: string
  readonly securityProtocol: SecurityProtocol
  principal = ANONYMOUS
  softwareName = 'unknown'
  softwareVersion = 'unknown'
  #gone: AbortController | undefined
  #isGone = false

  constructor(id: number, peerHost: string, listenerName: string, securityProtocol: SecurityProtocol) {
    this.id = id
    this.peerHost = peerHost
    this.listenerName = listenerName
    this.securityProtocol = securityProtocol
  }

  get gone(): AbortSignal {
    this.#gone ??= new AbortController()
    if (this.#isGone) this.#gone.abort()
    return this.#gone.signal
  }

  leave(): void {
    this.#isGone = true
    this.#gone?.abort()
  }
}
