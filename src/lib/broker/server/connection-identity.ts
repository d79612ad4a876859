import type { ConnectionFacts } from '../apis/handler.ts'

/** Thousands of connections may idle, so what only a waiting request needs is made for it. */
export class ConnectionIdentity implements ConnectionFacts {
  readonly id: number
  readonly peerHost: string
  readonly listenerName: string
  readonly securityProtocol = 'PLAINTEXT'
  readonly principal = 'User:ANONYMOUS'
  softwareName = 'unknown'
  softwareVersion = 'unknown'
  #gone: AbortController | undefined
  #isGone = false

  constructor(id: number, peerHost: string, listenerName: string) {
    this.id = id
    this.peerHost = peerHost
    this.listenerName = listenerName
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
