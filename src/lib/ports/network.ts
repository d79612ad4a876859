export interface Address {
  host: string
  port: number
}

/** Links to other programs: bytes in order, in both directions, until one side closes. */
export interface Network {
  /** Resolves once the link stands, and with TLS once both sides know each other. */
  connect(to: Address, receiver: Receiver, way?: Way): Promise<Link>
  /**
   * Port 0 takes a free one; the listener's address tells which. With TLS a link is accepted before anybody is known:
   * its receiver is told by `secured`, or by `closed` with the reason.
   */
  listen(at: Address, accept: (link: Link) => Receiver, tls?: TlsServing): Promise<Listener>
}

/** How a link is to be made. */
export interface Way {
  /** Gives up on the link, and later cuts it. */
  readonly signal?: AbortSignal
  /** Nothing for a link that everybody on the way can read. */
  readonly tls?: TlsTrust
}

/** Whom we believe, and who we say we are. */
export interface TlsTrust {
  /** Certificates in PEM; null: those that this machine believes. */
  readonly authorities: readonly string[] | null
  /** Our own chain and key in PEM, where the other side wants to know us too. */
  readonly identity: TlsIdentity | null
  /** False believes any certificate at all: whoever stands between can read and change everything. */
  readonly verifies: boolean
  /** False believes a certificate of any name. */
  readonly checksHost: boolean
  /** The least that will do. */
  readonly leastVersion: TlsVersion
  /** Null: the newest that both sides know. */
  readonly mostVersion: TlsVersion | null
  /** In OpenSSL's names; null: those that Node takes. */
  readonly ciphers: string | null
}

/** Who we are to those who connect, and what they have to show. */
export interface TlsServing {
  readonly identity: TlsIdentity
  /** Who may sign the certificates of clients, in PEM; null: those that this machine believes. */
  readonly authorities: readonly string[] | null
  /** Whether clients may, or must, show a certificate; one that is shown is looked at in both cases. */
  readonly clients: 'none' | 'requested' | 'required'
  readonly leastVersion: TlsVersion
  readonly mostVersion: TlsVersion | null
  readonly ciphers: string | null
}

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

export interface TlsIdentity {
  readonly chain: string
  readonly key: string
  readonly passphrase: string | null
}

/**
 * Who takes the bytes of a link. They are put straight into a buffer of the receiver's own, so that
 * frames can be parsed, checked and passed on where they lie.
 */
export interface Receiver {
  /** Where the next bytes go: never empty, asked for at the start and after each `received`. */
  room(): Uint8Array
  /** So many bytes now stand at the front of that room. */
  received(sizeBytes: number): void
  /** Of a listener with TLS, before any bytes: the link stands, and the other side has shown what it must. */
  secured?(): void
  /** What was written has left; after `write` said false, this is when to go on. */
  drained(): void
  /** The last call. The cause is there if the link broke; a peer that said goodbye is no error. */
  closed(cause?: Error): void
}

export interface Link {
  readonly peer: Address
  /** What a client of ours has shown by TLS, in DER, once it was believed; null where it showed nothing. */
  peerCertificate?(): Buffer | null
  /**
   * The bytes must not change until they have left, or never will: then `left` is called. False: the peer is
   * slower than we are.
   */
  write(bytes: Uint8Array, left?: () => void): boolean
  /** Collects what is written until `uncork`, to send it in one piece. */
  cork(): void
  uncork(): void
  /** Stops reading. Bytes that came before may still be delivered. */
  pause(): void
  resume(): void
  /** Says goodbye once everything written has left. */
  end(): void
  /** Cuts the link now. */
  destroy(): void
}

export interface Listener {
  readonly address: Address
  /**
   * Of a listener with TLS: makes ready what new links are to be secured by, and gives what puts it in place. Throws where
   * that cannot be.
   */
  secureAnew?(tls: TlsServing): () => void
  /** Takes no new links; those that stand are not touched. */
  close(): Promise<void>
}
