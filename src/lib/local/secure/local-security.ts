/** The name of the one listener, which is that of its protocol. */
export const LISTENER = 'SASL_SSL'

/** With what clients come in to a broker that made its own certificate and user. */
export interface LocalSecurity {
  readonly username: string
  readonly password: string
  readonly mechanism: 'SCRAM-SHA-512'
  /** In PEM. */
  readonly certificate: string
  readonly certificateFile: string
  /** For Java's clients and ktool; for librdkafka. */
  readonly clientProperties: string
  readonly kcatConfig: string
}
