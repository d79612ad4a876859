import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Md5 } from '../../../src/lib/bytes/md5.ts'

describe('MD5 of short messages', () => {
  it('is what everybody else computes, whatever the length and the place', () => {
    const md5 = new Md5()
    for (let length = 0; length < 200; length++) {
      const bytes = Buffer.from(Array.from({ length: length + 3 }, (_, i) => (i * 7 + length * 13) & 255))
      md5.hash(bytes, 3, length)
      const digest = Buffer.alloc(16)
      for (const [i, word] of [md5.a, md5.b, md5.c, md5.d].entries()) digest.writeInt32LE(word, i * 4)
      expect(digest.toString('hex')).toBe(createHash('md5').update(bytes.subarray(3)).digest('hex'))
    }
  })
})
