import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../src/lib/ports/random.ts'

describe('systemRandom', () => {
  it('gives as many bytes as asked, never the same sixteen twice', () => {
    expect(systemRandom.bytes(0)).toHaveLength(0)
    expect(systemRandom.bytes(16)).not.toEqual(systemRandom.bytes(16))
  })

  it('reaches every number below the limit, and no other', () => {
    const seen = new Set(Array.from({ length: 2000 }, () => systemRandom.below(3)))
    expect([...seen].sort()).toEqual([0, 1, 2])
  })
})
