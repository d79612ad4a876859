/**
 * Our side of one SASL exchange. It knows no Kafka and no socket: what the other side says goes in, what is said next
 * comes out.
 */
export interface SaslClient {
  readonly mechanism: string
  /** What is said first. */
  start(): Buffer
  /** What is said next; nothing once both sides are content. Throws an AuthError for a peer that is not who it should be. */
  next(challenge: Buffer): Buffer | undefined
}
