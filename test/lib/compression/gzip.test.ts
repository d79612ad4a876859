import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compress } from '../../../src/lib/compression/compress.ts'
import { decompress } from '../../../src/lib/compression/decompress.ts'

const read = (input: Buffer) => decompress('gzip', input, { maxBytes: 10_000 }).toString()
const garbage = Buffer.alloc(40, 0xff)

/** A member with every optional part of a header: extra field, name, comment, checksum. */
function decorated(text: string): Buffer {
  const plain = gzipSync(text)
  const header = Buffer.from('1f8b081e0000000000ff0300616263666e616d6500636f6d6d656e7400', 'hex')
  const checksum = Buffer.from('0000', 'hex')
  return Buffer.concat([header, checksum, plain.subarray(10)])
}

describe('gzip', () => {
  it('says as little of the system as Java does', () => {
    const header = compress('gzip', Buffer.from('some'), { magic: 2 }).subarray(0, 10)
    expect(header.toString('hex')).toBe('1f8b08000000000000ff')
  })

  it('reads member after member, and stops at what is none', () => {
    const input = Buffer.concat([gzipSync('one '), gzipSync(''), gzipSync('two '), gzipSync('three')])
    expect(read(input)).toBe('one two three')
    expect(read(Buffer.concat([input, garbage]))).toBe('one two three')
  })

  it('finds the data behind every optional part of a header', () => {
    const member = decorated('decorated')
    const sum = headerSum(member)
    member.writeUInt16LE(sum, 29)
    expect(read(Buffer.concat([member, garbage]))).toBe('decorated')
    expect(read(Buffer.concat([gzipSync('one '), member]))).toBe('one decorated')
    member.writeUInt16LE(sum ^ 1, 29)
    expect(() => read(member)).toThrow('gzip: no header at byte 0')
    expect(read(Buffer.concat([gzipSync('one '), member]))).toBe('one ')
  })

  it('says which member is damaged, and how', () => {
    const [one, two] = [gzipSync('one '), gzipSync('two '.repeat(100))]
    const damaged = (offset: number) => {
      const input = Buffer.concat([one, two])
      const index = offset < 0 ? input.length + offset : one.length + offset
      input.writeUInt8(input.readUInt8(index) ^ 0xff, index)
      return () => read(input)
    }
    expect(damaged(-8)).toThrow(`gzip: wrong checksum at byte ${one.length + two.length - 8} of`)
    expect(damaged(-4)).toThrow(`gzip: wrong length at byte ${one.length + two.length - 4} of`)
    expect(damaged(10)).toThrow(new RegExp(`^gzip: .* at byte ${one.length} of`))
    expect(() => read(Buffer.concat([one, two.subarray(0, -3)]))).toThrow(
      `gzip: the data ends too early at byte ${one.length + two.length - 3}`,
    )
  })

  it('holds members together to the limit on the slow way too', () => {
    const input = Buffer.concat([gzipSync('12345'), gzipSync('67890'), garbage])
    expect(decompress('gzip', input, { maxBytes: 10 }).toString()).toBe('1234567890')
    expect(() => decompress('gzip', input, { maxBytes: 9 })).toThrow(
      'gzip: the data expands to more than 9 bytes',
    )
  })

  it('allows no output where the limit is nothing', () => {
    expect(decompress('gzip', gzipSync(''), { maxBytes: 0 }).length).toBe(0)
    expect(() => decompress('gzip', gzipSync('x'), { maxBytes: 0 })).toThrow('more than 0 bytes')
  })
})

/** CRC-16 of a header is the low half of the CRC-32 that ends a member of the same bytes. */
function headerSum(member: Buffer): number {
  const packed = gzipSync(member.subarray(0, 29))
  return packed.readUInt16LE(packed.length - 8)
}
