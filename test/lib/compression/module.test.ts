import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { moduleSources } from '../../../src/lib/compression/kernels/module.ts'
import { xxhash32 } from '../../../src/lib/compression/kernels/xxhash32.ts'
import { ModuleArena } from '../../../src/lib/compression/module-arena.ts'
import { openArena } from '../../../src/lib/compression/open-arena.ts'
import { arenas } from './frames.ts'

const kernels = new URL('../../../src/lib/compression/kernels/', import.meta.url)

describe('the module of kernels', () => {
  it('was made from the kernels as they are now (npm run kernels makes it anew)', () => {
    const hash = createHash('sha256')
    for (const name of readdirSync(kernels).sort()) {
      if (name !== 'module.ts' && name !== 'memory.ts')
        hash.update(name).update(readFileSync(new URL(name, kernels)))
    }
    expect(moduleSources).toBe(hash.digest('hex'))
  })

  it('is what is used where the runtime has WebAssembly', () => {
    expect(openArena(Buffer.alloc(10), 10)).toBeInstanceOf(ModuleArena)
    expect(openArena(Buffer.alloc(10), 2 ** 25)).toBeInstanceOf(ModuleArena)
  })
})

describe('hashes', () => {
  // Of the bytes 0, 1, 2 …, by the reference implementation.
  const known = [
    { size: 0, hash32: 0x02cc5d05, hash64Low: 0x51d8e999 },
    { size: 1, hash32: 0xcf65b03e, hash64Low: 0xdb052768 },
    { size: 3, hash32: 0x663e9a55, hash64Low: 0x33bc65dd },
    { size: 4, hash32: 0x80691e66, hash64Low: 0x4453cc1e },
    { size: 7, hash32: 0xa74336dc, hash64Low: 0x630c72d2 },
    { size: 8, hash32: 0xa3ad90b9, hash64Low: 0x14b81b8d },
    { size: 15, hash32: 0x57c01ece, hash64Low: 0xf6abac2d },
    { size: 16, hash32: 0xb72837f4, hash64Low: 0xb84169f7 },
    { size: 31, hash32: 0xef24f709, hash64Low: 0x9b4d8ee1 },
    { size: 32, hash32: 0x830741c1, hash64Low: 0x16ff32b4 },
    { size: 33, hash32: 0xf1e6a545, hash64Low: 0xcafb8ead },
    { size: 100, hash32: 0x7f89ba44, hash64Low: 0x32166597 },
    { size: 1000, hash32: 0xfacc21a4, hash64Low: 0x0eba4078 },
  ]

  it.each(known)('of $size bytes are those of the reference', ({ size, hash32, hash64Low }) => {
    const bytes = Buffer.from(Array.from({ length: size }, (_, i) => i & 255))
    for (const [name, open] of arenas) {
      const arena = open(bytes, 16)
      expect(arena.xxhash32('source', 0, size) >>> 0, name).toBe(hash32)
      expect(arena.xxhash64Low('source', 0, size) >>> 0, name).toBe(hash64Low)
    }
    expect(xxhash32(bytes, 0, size) >>> 0).toBe(hash32)
  })
})
