import { createRequire } from 'node:module'
import { moduleCrc } from './module-crc.ts'
import { type Checksum, slicedCrc } from './sliced-crc.ts'

type NativeChecksum = (bytes: Uint8Array, before?: number) => number
export type NativeCrc = { readonly crc32: NativeChecksum; readonly crc32c: NativeChecksum }

/** Below this a call into native code costs more than it saves. */
const SMALL = 192

/** Loading the package takes some milliseconds, as long as WebAssembly takes for so many bytes. */
export const WORTH_LOADING_BYTES = 2 * 1024 * 1024

/**
 * The native checksum where its package has a binary for this platform; WebAssembly, or else tables, where it has not,
 * for short inputs, and for the first bytes of a process. Nothing is loaded or built before it is asked for.
 */
export function fastestCrc(
  name: keyof NativeCrc,
  polynomial: number,
  load: () => NativeCrc = loadNativeCrc,
): Checksum {
  let light: Checksum | undefined
  let chosen: Checksum | undefined
  let summedBytes = 0
  return (bytes, start = 0, end = bytes.length, before = 0) => {
    if (chosen !== undefined) return chosen(bytes, start, end, before)
    light ??= moduleCrc(polynomial) ?? slicedCrc(polynomial)
    summedBytes += end - start
    if (summedBytes > WORTH_LOADING_BYTES) chosen = choose(name, light, load)
    return (chosen ?? light)(bytes, start, end, before)
  }
}

function choose(name: keyof NativeCrc, light: Checksum, load: () => NativeCrc): Checksum {
  const native = attempt(load)?.[name]
  if (native === undefined) return light
  return (bytes, start = 0, end = bytes.length, before = 0) =>
    end - start < SMALL ? light(bytes, start, end, before) : native(bytes.subarray(start, end), before)
}

function attempt(load: () => NativeCrc): NativeCrc | undefined {
  try {
    return load()
  } catch {
    return undefined
  }
}

/** In the CommonJS bundle there is no `import.meta.url`, in the sources there is no `__filename`. */
export function loadNativeCrc(): NativeCrc {
  const here = typeof __filename === 'string' ? __filename : import.meta.url
  return createRequire(here)('@node-rs/crc32') as NativeCrc
}
