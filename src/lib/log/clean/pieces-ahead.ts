import { DataError } from '../../errors.ts'
import type { ReadableFile } from '../../ports/disk.ts'

/** The pieces of a file, one after the other; while one is worked upon, the next is on its way. */
export class PiecesAhead {
  readonly #file: ReadableFile
  readonly #end: number
  readonly #pieceBytes: number
  /** Where the piece that comes next begins. */
  #position: number
  #coming: Promise<Buffer> | undefined
  /** In front of each piece there is as much room again, for what is left of the one before. */
  #room: Buffer
  #otherRoom: Buffer

  constructor(file: ReadableFile, from: number, end: number, mostBytes: number) {
    this.#file = file
    this.#position = from
    this.#end = end
    this.#pieceBytes = Math.min(mostBytes, Math.max(0, end - from))
    this.#room = Buffer.allocUnsafe(2 * this.#pieceBytes)
    this.#otherRoom = Buffer.allocUnsafe(2 * this.#pieceBytes)
  }

  /** What is left, and the next piece behind it; of that so much that it is `neededBytes` in all, if it can be. */
  async behind(rest: Buffer, neededBytes: number): Promise<Buffer> {
    const piece = await (this.#coming ?? this.#read(this.#nextRoom()))
    this.#coming = undefined
    const bytes = await this.#joined(rest, piece, neededBytes)
    if (this.#position < this.#end) this.#begin()
    return bytes
  }

  async #joined(rest: Buffer, piece: Buffer, neededBytes: number): Promise<Buffer> {
    const length = rest.length + piece.length
    if (length >= neededBytes && rest.length <= this.#pieceBytes) {
      const start = this.#pieceBytes - rest.length
      rest.copy(this.#room, start)
      return this.#room.subarray(start, start + length)
    }
    const bytes = Buffer.allocUnsafe(Math.max(length, neededBytes))
    rest.copy(bytes)
    piece.copy(bytes, rest.length)
    const more = await this.#read(bytes.subarray(length))
    return bytes.subarray(0, length + more.length)
  }

  #begin(): void {
    this.#coming = this.#read(this.#nextRoom())
    // Whoever wants the piece is told; nobody may want it any more.
    this.#coming.catch(() => {})
  }

  /** The one that is not being worked upon. */
  #nextRoom(): Buffer {
    const room = this.#otherRoom
    this.#otherRoom = this.#room
    this.#room = room
    return room.subarray(this.#pieceBytes)
  }

  async #read(room: Buffer): Promise<Buffer> {
    const position = this.#position
    const wanted = room.subarray(0, Math.min(room.length, this.#end - position))
    if (wanted.length === 0) return wanted
    const count = await this.#file.readCold(wanted, position)
    if (count < wanted.length) throw shrunk(this.#file.path, position + count)
    this.#position += count
    return wanted
  }
}

function shrunk(path: string, position: number): DataError {
  return new DataError('damaged-log', `${path} ends at ${position}, sooner than it did`, {
    details: { path, position },
  })
}
