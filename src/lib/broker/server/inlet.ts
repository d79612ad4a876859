import type { RoomPool } from './room-pool.ts'

/** A request of which so much is here takes a room four times as large: memory grows with bytes received. */
const GROWTH = 4
const SMALL_ROOM_BYTES = 16 * 1024
/** What a connection whose bytes fill each room they are given may grow to. */
const STREAM_ROOM_BYTES = 1024 * 1024

/**
 * What a connection has received and nobody has read. While that is nothing, its next bytes go to a room that it
 * shares with all other connections; only a request that comes in parts takes one of its own.
 */
export class Inlet {
  readonly #arrivals: Buffer
  readonly #rooms: RoomPool
  /** The room that the socket was promised: it stays where it is until `received`. */
  #bytes: Buffer
  #start = 0
  #end = 0

  constructor(arrivals: Buffer, rooms: RoomPool) {
    this.#arrivals = arrivals
    this.#rooms = rooms
    this.#bytes = arrivals
  }

  room(): Uint8Array {
    return this.#bytes.subarray(this.#end)
  }

  received(sizeBytes: number): void {
    this.#end += sizeBytes
  }

  get sizeBytes(): number {
    return this.#end - this.#start
  }

  int32At(at: number): number {
    return this.#bytes.readInt32BE(this.#start + at)
  }

  int16At(at: number): number {
    return this.#bytes.readInt16BE(this.#start + at)
  }

  /** The first bytes, without reading them. */
  peek(sizeBytes: number): Buffer {
    return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + sizeBytes))
  }

  /** A view of the next bytes, which are read by that. It is good until the socket's next bytes. */
  take(sizeBytes: number): Buffer {
    const from = this.#start
    this.#start += sizeBytes
    return this.#bytes.subarray(from, this.#start)
  }

  /**
   * Only between `received` and the next `room`: keeps what is left where no other connection overwrites it, with
   * room for more of a request of `wantedBytes`. While memory is scarce, that is little room.
   */
  settle(wantedBytes: number): void {
    const left = this.sizeBytes
    if (left === 0) {
      this.#moveTo(this.#arrivals)
      return
    }
    const needed = Math.max(left + 1, this.#rooms.isScarce ? 0 : this.#goodSize(left, wantedBytes))
    const isOwn = this.#bytes !== this.#arrivals
    if (isOwn && needed <= this.#bytes.length - this.#start) return
    this.#moveTo(isOwn && needed <= this.#bytes.length ? this.#bytes : this.#rooms.take(needed))
  }

  close(): void {
    this.#start = this.#end
    this.#moveTo(this.#arrivals)
  }

  #goodSize(left: number, wantedBytes: number): number {
    const allowed = Math.max(SMALL_ROOM_BYTES, left * GROWTH)
    const isStream = this.#end === this.#bytes.length
    const stream = isStream ? Math.min(this.#bytes.length * 2, STREAM_ROOM_BYTES) : 0
    return Math.max(stream, Math.min(wantedBytes, allowed))
  }

  #moveTo(room: Buffer): void {
    const old = this.#bytes
    const left = this.sizeBytes
    if (left > 0) old.copy(room, 0, this.#start, this.#end)
    this.#bytes = room
    this.#start = 0
    this.#end = left
    if (old !== room && old !== this.#arrivals) this.#rooms.give(old)
  }
}
