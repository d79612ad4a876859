/** What is added in each of the 64 steps: the digits of sines (RFC 1321). */
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32))
const BLOCK_BYTES = 64
/** In the last block, behind the message and the bit that ends it, for its length. */
const LENGTH_BYTES = 8

/**
 * MD5 of many short messages, one after the other: for those a call of the runtime's own costs several times what
 * it computes. The four words of the last one stay in `a` to `d`, in the order of the digest's bytes.
 */
export class Md5 {
  a = 0
  b = 0
  c = 0
  d = 0
  readonly #block = new Int32Array(BLOCK_BYTES / 4)

  hash(bytes: Uint8Array, start: number, length: number): void {
    this.a = 0x67452301
    this.b = 0xefcdab89 | 0
    this.c = 0x98badcfe | 0
    this.d = 0x10325476
    const end = start + length
    let at = start
    for (; at + BLOCK_BYTES <= end; at += BLOCK_BYTES) this.#take(bytes, at, BLOCK_BYTES)
    this.#last(bytes, at, end - at, length)
  }

  #last(bytes: Uint8Array, at: number, left: number, length: number): void {
    const block = this.#block
    this.#fill(bytes, at, left)
    block[left >>> 2] = (block[left >>> 2] as number) | (0x80 << ((left & 3) << 3))
    if (left + 1 + LENGTH_BYTES > BLOCK_BYTES) {
      this.#mix()
      block.fill(0)
    }
    block[14] = length << 3
    block[15] = length >>> 29
    this.#mix()
  }

  #take(bytes: Uint8Array, at: number, length: number): void {
    this.#fill(bytes, at, length)
    this.#mix()
  }

  /** Zeros behind what there is. */
  #fill(bytes: Uint8Array, at: number, length: number): void {
    const block = this.#block
    const words = length >>> 2
    let from = at
    for (let word = 0; word < words; word++, from += 4) {
      block[word] =
        (bytes[from] as number) |
        ((bytes[from + 1] as number) << 8) |
        ((bytes[from + 2] as number) << 16) |
        ((bytes[from + 3] as number) << 24)
    }
    block.fill(0, words)
    for (let i = 0; i < (length & 3); i++) {
      block[words] = (block[words] as number) | ((bytes[from + i] as number) << (i << 3))
    }
  }

  #mix(): void {
    const x = this.#block
    let { a, b, c, d } = this
    for (let i = 0; i < 16; i += 4) {
      a = turned(a + ((b & c) | (~b & d)) + word(x, i) + sine(i), 7, b)
      d = turned(d + ((a & b) | (~a & c)) + word(x, i + 1) + sine(i + 1), 12, a)
      c = turned(c + ((d & a) | (~d & b)) + word(x, i + 2) + sine(i + 2), 17, d)
      b = turned(b + ((c & d) | (~c & a)) + word(x, i + 3) + sine(i + 3), 22, c)
    }
    for (let i = 16; i < 32; i += 4) {
      a = turned(a + ((b & d) | (c & ~d)) + word(x, 5 * i + 1) + sine(i), 5, b)
      d = turned(d + ((a & c) | (b & ~c)) + word(x, 5 * i + 6) + sine(i + 1), 9, a)
      c = turned(c + ((d & b) | (a & ~b)) + word(x, 5 * i + 11) + sine(i + 2), 14, d)
      b = turned(b + ((c & a) | (d & ~a)) + word(x, 5 * i + 16) + sine(i + 3), 20, c)
    }
    for (let i = 32; i < 48; i += 4) {
      a = turned(a + (b ^ c ^ d) + word(x, 3 * i + 5) + sine(i), 4, b)
      d = turned(d + (a ^ b ^ c) + word(x, 3 * i + 8) + sine(i + 1), 11, a)
      c = turned(c + (d ^ a ^ b) + word(x, 3 * i + 11) + sine(i + 2), 16, d)
      b = turned(b + (c ^ d ^ a) + word(x, 3 * i + 14) + sine(i + 3), 23, c)
    }
    for (let i = 48; i < 64; i += 4) {
      a = turned(a + (c ^ (b | ~d)) + word(x, 7 * i) + sine(i), 6, b)
      d = turned(d + (b ^ (a | ~c)) + word(x, 7 * i + 7) + sine(i + 1), 10, a)
      c = turned(c + (a ^ (d | ~b)) + word(x, 7 * i + 14) + sine(i + 2), 15, d)
      b = turned(b + (d ^ (c | ~a)) + word(x, 7 * i + 21) + sine(i + 3), 21, c)
    }
    this.a = (this.a + a) | 0
    this.b = (this.b + b) | 0
    this.c = (this.c + c) | 0
    this.d = (this.d + d) | 0
  }
}

function word(block: Int32Array, index: number): number {
  return block[index & 15] as number
}

function sine(step: number): number {
  return SINES[step] as number
}

/** Turned to the left by so many bits, and added. */
function turned(value: number, by: number, to: number): number {
  return (((value << by) | ((value | 0) >>> (32 - by))) + to) | 0
}
