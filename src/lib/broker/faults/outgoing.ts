/** What goes wrong with an answer on its way out. */
export interface Outgoing {
  /** For so long nothing more is read of the connection. */
  readonly muteMs: number
  /** It ends before its end, and the connection with it. */
  readonly isCut: boolean
  /** Null: as fast as it can. */
  readonly bytesPerSecond: number | null
}
