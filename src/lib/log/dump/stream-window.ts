import type { ReadableFile } from '../../ports/disk.ts'

/** The end of a stream as a file: what has come, without what is done with. */
export class StreamWindow implements ReadableFile {
  readonly path: string
  readonly #pieces: { readonly position: number; readonly bytes: Uint8Array }[] = []
  #end = 0

  constructor(path: string) {
    this.path = path
  }

  add(bytes: Uint8Array): void {
    this.#pieces.push({ position: this.#end, bytes })
    this.#end += bytes.length
  }

  /** Nothing before this position is asked for any more. */
  forget(position: number): void {
    const first = this.#pieces.findIndex((piece) => piece.position + piece.bytes.length > position)
    this.#pieces.splice(0, first === -1 ? this.#pieces.length : first)
  }

  sizeBytes(): number {
    return this.#end
  }

  read(into: Uint8Array, position: number): number {
    const end = Math.min(this.#end, position + into.length)
    for (const piece of this.#pieces) {
      const from = Math.max(position, piece.position)
      const to = Math.min(end, piece.position + piece.bytes.length)
      if (from < to) {
        into.set(piece.bytes.subarray(from - piece.position, to - piece.position), from - position)
      }
    }
    return Math.max(0, end - position)
  }

  async readCold(into: Uint8Array, position: number): Promise<number> {
    return this.read(into, position)
  }

  close(): void {
    this.#pieces.length = 0
  }
}
