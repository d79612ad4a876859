/** What a key store holds, whatever made it: DER as it lay there. */
export interface KeyStoreContents {
  readonly certificates: readonly Buffer[]
  /** Opened, as PKCS #8. */
  readonly keys: readonly Buffer[]
}

/** With what a key store is opened; null where nothing was said. */
export interface KeyStorePasswords {
  readonly store: string | null
  /** Of the keys inside, where it is another. */
  readonly key: string | null
}
