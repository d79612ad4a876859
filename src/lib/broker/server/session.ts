/** A client that has proved who it is. */
export interface Session {
  readonly mechanism: string
  readonly principal: string
  /** By the clock that only goes forward; nothing where it lasts for ever. */
  readonly endsMs: number | undefined
}
