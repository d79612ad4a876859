import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/lib/errors.ts'
import { formatSize, parseSize } from '../../../src/lib/values/sizes.ts'

describe('a size', () => {
  it.each([
    ['0', 0],
    ['512', 512],
    ['512B', 512],
    ['10K', 10_240],
    ['10k', 10_240],
    ['10KiB', 10_240],
    ['10KB', 10_000],
    ['1.5GiB', 1_610_612_736],
    ['50MB', 50_000_000],
    ['1TiB', 2 ** 40],
  ])('is read from %s', (text, sizeBytes) => {
    expect(parseSize(text)).toBe(sizeBytes)
  })

  it.each(['', 'K', '-1', '1 K', '1X', '1KK', '10PiBi', '99999P', '0x10', '1e3', '1.'])(
    'is refused as "%s"',
    (text) => {
      expect(() => parseSize(text)).toThrow(UsageError)
    },
  )

  it.each([
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1KiB'],
    [1536, '1.5KiB'],
    [10_189, '10KiB'],
    [12_288, '12KiB'],
    [1_048_575, '1MiB'],
    [1_610_612_736, '1.5GiB'],
    [2n ** 60n, '1024PiB'],
    [-1536, '-1.5KiB'],
  ])('of %s bytes is printed as %s', (sizeBytes, text) => {
    expect(formatSize(sizeBytes)).toBe(text)
  })
})
