import type { Address, TlsTrust } from '../ports/network.ts'

/** How a cluster is reached: where, as whom, and with how much patience. */
export interface ClusterSettings {
  /** At least one. */
  readonly bootstrap: readonly Address[]
  /** As brokers show it in their logs and quotas. */
  readonly clientId: string
  /** Null: anybody on the way reads along. */
  readonly tls: TlsTrust | null
  readonly sasl: SaslSettings | null
  /** For all that a command asks, together. */
  readonly timeoutMs: number
  readonly context: ClusterContext | null
  /** What was said and does not count, for whoever wonders. */
  readonly notes?: readonly string[]
}

export type SaslSettings = PasswordSettings | TokenSettings

export interface PasswordSettings {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username: string
  readonly password: string
  /** The user name and the password are a delegation token's id and its HMAC (KIP-48); SCRAM alone. */
  readonly isDelegationToken?: boolean
}

export interface TokenSettings {
  readonly mechanism: 'OAUTHBEARER'
  readonly token: TokenSource
  /** KIP-342: told to the broker beside the token. */
  readonly extensions: Readonly<Record<string, string>>
}

export type TokenSource =
  | { readonly kind: 'static'; readonly token: string }
  /** Read anew whenever a token is needed. */
  | { readonly kind: 'file'; readonly path: string }
  /** Run without a shell; the last line that it prints is the token. */
  | { readonly kind: 'command'; readonly command: readonly string[] }
  /** Signed by nobody, for brokers that check nothing: what Java's clients make of such claims. */
  | {
      readonly kind: 'unsecured'
      readonly claims: Readonly<Record<string, unknown>>
      readonly lifetimeSeconds: number
    }
  | OidcSource

/** OAuth 2.0's grant `client_credentials`. */
export interface OidcSource {
  readonly kind: 'oidc'
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string | null
  /** Id and secret are written as in a URL before they become a header, as RFC 6749 has it and Java has not. */
  readonly encodesHeader: boolean
  readonly trust: TlsTrust
}

/** The context that was named, or is the current one. */
export interface ClusterContext {
  readonly name: string
  /** Of the cluster that it meant when it was first used; null before that. */
  readonly clusterId: string | null
  /** A changing command asks for its name. */
  readonly isProtected: boolean
}
