/** Where bytes leave the program. */
export interface Outlet {
  readonly isTerminal: boolean
  readonly hasColour: boolean
  /** Columns of the terminal; of no meaning elsewhere. */
  readonly width: number
  /** Resolves once they have left: true, or false when nobody reads any more. */
  write(bytes: string | Uint8Array): Promise<boolean>
}
