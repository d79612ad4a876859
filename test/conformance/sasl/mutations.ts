import { pick } from '../../replay/random-world.ts'

export interface Mutation {
  readonly name: string
  mutate(frame: Buffer): Buffer
}

const LENGTH_BYTES = 4

/** One thing that is wrong with a frame; its length fits again afterwards, or cannot be one. */
export function mutation(draw: () => number): Mutation {
  const [at, byte, length] = [draw(), Math.floor(draw() * 256), draw()]
  return pick(draw, [
    body(`a byte ${byte}`, (bytes) =>
      bytes.map((each, i) => (i === Math.floor(at * bytes.length) ? byte : each)),
    ),
    body('another key', (bytes) =>
      placed(
        bytes,
        0,
        pick(() => at, [0, 3, 17, 18, 36, 50, 500, -1]),
      ),
    ),
    body('another version', (bytes) =>
      placed(
        bytes,
        2,
        pick(() => at, [-1, 0, 1, 2, 3, 4, 5, 99, 32_767]),
      ),
    ),
    body('a client id of another length', (bytes) =>
      placed(
        bytes,
        8,
        pick(() => at, [-1, -2, 0, 2, 300, 32_767]),
      ),
    ),
    body('its end cut off', (bytes) => bytes.subarray(0, Math.floor(length * bytes.length))),
    body('nothing in it', () => Buffer.of()),
    body('more behind it', (bytes) => Buffer.concat([bytes, Buffer.alloc(1 + Math.floor(at * 20), byte)])),
    body('noise in its place', (bytes) => bytes.map((_, i) => (i * 37 + byte) % 256)),
    whole('an impossible length', (frame) => {
      frame.writeInt32BE(pick(() => at, [-1, -2_147_483_648, 524_289, 1_000_000, 2_147_483_647]))
      return frame
    }),
  ])
}

function whole(name: string, mutate: (frame: Buffer) => Buffer): Mutation {
  return { name, mutate: (frame) => mutate(Buffer.from(frame)) }
}

function body(name: string, mutate: (bytes: Buffer) => Uint8Array): Mutation {
  return whole(name, (frame) => {
    const changed = mutate(frame.subarray(LENGTH_BYTES))
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeInt32BE(changed.length)
    return Buffer.concat([length, changed])
  })
}

function placed(bytes: Buffer, at: number, value: number): Buffer {
  if (bytes.length >= at + 2) bytes.writeInt16BE(value, at)
  return bytes
}
