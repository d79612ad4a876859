import { moduleText } from './kernels/module.ts'
import { moduleStarter } from './module-starter.ts'
import type { Checksum } from './sliced-crc.ts'

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  prepare(polynomial: number): void
  update(from: number, count: number, before: number): number
}

/** Behind the tables. */
const WINDOW = 32 * 1024
const WINDOW_BYTES = 32 * 1024
const PAGE = 65536

const startKernel = moduleStarter<Kernel>(moduleText)

/** The checksum as WebAssembly, on copies of the bytes; nothing where the runtime has none. */
export function moduleCrc(polynomial: number, start = startKernel): Checksum | undefined {
  const kernel = start()
  if (kernel === undefined) return undefined
  kernel.memory.grow(Math.ceil((WINDOW + WINDOW_BYTES - kernel.memory.buffer.byteLength) / PAGE))
  const memory = new Uint8Array(kernel.memory.buffer)
  kernel.prepare(polynomial)
  return (bytes, from = 0, end = bytes.length, before = 0) => {
    let crc = before
    for (let at = from; at < end; at += WINDOW_BYTES) {
      const piece = bytes.subarray(at, Math.min(end, at + WINDOW_BYTES))
      memory.set(piece, WINDOW)
      crc = kernel.update(WINDOW, piece.length, crc)
    }
    return crc >>> 0
  }
}
