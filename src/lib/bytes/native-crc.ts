import { createRequire } from 'node:module'
import { type Checksum, slicedCrc } from './sliced-crc.ts'

type NativeChecksum = (bytes: Uint8Array, before?: number) => number
export type NativeCrc = { readonly crc32: NativeChecksum; readonly crc32c: NativeChecksum }

/** Below this a call into native code costs more than the tables do. */
const SMALL = 192

/**
 * The native checksum where its package has a binary for this platform, the table version where it has not,
 * and for short inputs. Nothing is loaded or built before the first checksum is asked for.
 */
export function fastestCrc(
  name: keyof NativeCrc,
  polynomial: number,
  load: () => NativeCrc = loadNativeCrc,
): Checksum {
  let chosen: Checksum | undefined
  return (bytes, start = 0, end = bytes.length, before = 0) => {
    chosen ??= choose(name, slicedCrc(polynomial), load)
    return chosen(bytes, start, end, before)
  }
}

function choose(name: keyof NativeCrc, sliced: Checksum, load: () => NativeCrc): Checksum {
  const native = attempt(load)?.[name]
  if (native === undefined) return sliced
  return (bytes, start = 0, end = bytes.length, before = 0) =>
    end - start < SMALL ? sliced(bytes, start, end, before) : native(bytes.subarray(start, end), before)
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
