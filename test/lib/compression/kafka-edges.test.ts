import { describe, expect, it } from 'vitest'
import type { Codec } from '../../../src/lib/compression/codec.ts'
import { DataError } from '../../../src/lib/errors.ts'
import { goldenLines } from '../../golden/vectors.ts'
import { arenas, decompressBy } from './frames.ts'

interface Edge {
  codec: Codec
  what: string
  base64: string
  /** Null where Kafka's reader throws. */
  output: string | null
}

/** Where Kafka's reader takes the end of the data for the end of the records, though a frame is cut. */
function cutUnnoticed({ codec, what, base64 }: Edge): boolean {
  return codec === 'zstd' && (what === 'second cut' || what === 'followed by 28b52ffd' || base64 === '')
}

const edges = goldenLines<Edge>('compression/edges.ndjson.gz')

describe('input that is joined, cut, or followed by something', () => {
  it.each(arenas)('is read, or refused, as Kafka does, by %s', (_, open) => {
    for (const edge of edges) {
      const { codec, what, output } = edge
      const input = Buffer.from(edge.base64, 'base64')
      const where = `${codec} ${what}: ${input.toString('hex')}`
      if (output === null || cutUnnoticed(edge)) {
        expect(() => decompressBy(open, codec, input, 1000), where).toThrow(DataError)
      } else {
        expect(decompressBy(open, codec, input, 1000).toString('base64'), where).toBe(output)
      }
    }
    expect(edges.length).toBeGreaterThan(300)
  })
})
