import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CRC32_POLYNOMIAL, crc32 } from '../../../src/lib/bytes/crc32.ts'
import { CRC32C_POLYNOMIAL, crc32c } from '../../../src/lib/bytes/crc32c.ts'
import { moduleSources } from '../../../src/lib/bytes/kernels/module.ts'
import { moduleCrc } from '../../../src/lib/bytes/module-crc.ts'
import {
  fastestCrc,
  loadNativeCrc,
  type NativeCrc,
  WORTH_LOADING_BYTES,
} from '../../../src/lib/bytes/native-crc.ts'
import { type Checksum, slicedCrc } from '../../../src/lib/bytes/sliced-crc.ts'
import { goldenLines } from '../../golden/vectors.ts'

const lines = goldenLines<{ data: string; crc32c: number; crc32: number }>('wire/tables/crc32c.ndjson.gz')

function missing(): NativeCrc {
  throw new Error('Cannot find native binding')
}

/** Past its first bytes, when native code has been loaded. */
function warmed(checksum: Checksum): Checksum {
  checksum(Buffer.alloc(WORTH_LOADING_BYTES + 1))
  return checksum
}

function started(polynomial: number): Checksum {
  return moduleCrc(polynomial) as Checksum
}

const ways = [
  { way: 'as shipped', castagnoli: warmed(crc32c), ethernet: warmed(crc32) },
  {
    way: 'without native code',
    castagnoli: fastestCrc('crc32c', CRC32C_POLYNOMIAL, missing),
    ethernet: fastestCrc('crc32', CRC32_POLYNOMIAL, missing),
  },
  { way: 'as WebAssembly', castagnoli: started(CRC32C_POLYNOMIAL), ethernet: started(CRC32_POLYNOMIAL) },
  { way: 'by tables', castagnoli: slicedCrc(CRC32C_POLYNOMIAL), ethernet: slicedCrc(CRC32_POLYNOMIAL) },
]

describe.each(ways)('CRC $way', ({ castagnoli, ethernet }) => {
  it('gives what Java gives for every line of the table', () => {
    expect(lines.length).toBe(89)
    for (const line of lines) {
      const data = Buffer.from(line.data, 'hex')
      expect(castagnoli(data), `CRC-32C of ${line.data}`).toBe(line.crc32c)
      expect(ethernet(data), `CRC-32 of ${line.data}`).toBe(line.crc32)
    }
  })

  it('sums more than it takes at once', () => {
    const bytes = Buffer.from(Array.from({ length: 100_003 }, (_, i) => (i * 151) & 255))
    expect(castagnoli(bytes, 1)).toBe(slicedCrc(CRC32C_POLYNOMIAL)(bytes, 1))
    expect(ethernet(bytes, 1)).toBe(slicedCrc(CRC32_POLYNOMIAL)(bytes, 1))
  })

  it('sums a part of a buffer as it sums that part alone', () => {
    const bytes = Buffer.from(Array.from({ length: 700 }, (_, i) => (i * 73) & 255))
    for (const [start, end] of [
      [0, 0],
      [3, 20],
      [1, 193],
      [5, 197],
      [17, 700],
    ] as const) {
      const part = Buffer.from(bytes.subarray(start, end))
      expect(castagnoli(bytes, start, end)).toBe(slicedCrc(CRC32C_POLYNOMIAL)(part))
      expect(ethernet(bytes, start, end)).toBe(slicedCrc(CRC32_POLYNOMIAL)(part))
    }
  })
})

describe.each(ways)('CRC $way, piece by piece', ({ castagnoli, ethernet }) => {
  it.each([0, 1, 20, 250, 500, 700])('gives after %i bytes what all at once give', (cut) => {
    const bytes = Buffer.from(Array.from({ length: 700 }, (_, i) => (i * 73) & 255))
    for (const sum of [castagnoli, ethernet]) {
      expect(sum(bytes, cut, bytes.length, sum(bytes, 0, cut))).toBe(sum(bytes))
    }
  })
})

describe('The choice of a CRC', () => {
  it('loads native code once it is worth it, and gives it the long inputs only', () => {
    const summed: number[] = []
    let loads = 0
    const checksum = fastestCrc('crc32c', CRC32C_POLYNOMIAL, () => {
      loads += 1
      const native = (bytes: Uint8Array) => summed.push(bytes.length)
      return { crc32: native, crc32c: native }
    })
    checksum(Buffer.alloc(WORTH_LOADING_BYTES))
    expect(loads).toBe(0)

    checksum(Buffer.alloc(191))
    checksum(Buffer.alloc(192))
    checksum(Buffer.alloc(1000), 100, 400)

    expect(loads).toBe(1)
    expect(summed).toEqual([192, 300])
  })

  it('does without WebAssembly where there is none', () => {
    expect(moduleCrc(CRC32C_POLYNOMIAL, () => undefined)).toBeUndefined()
  })

  it('has a module that was made from its kernel as it is now (npm run kernels makes it anew)', () => {
    const kernel = readFileSync(new URL('../../../src/lib/bytes/kernels/crc.as', import.meta.url))
    expect(moduleSources).toBe(createHash('sha256').update('crc.as').update(kernel).digest('hex'))
  })

  it('finds native code on the platforms that its package has binaries for', () => {
    expect(loadNativeCrc().crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(loadNativeCrc().crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  })
})
