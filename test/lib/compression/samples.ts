import fc from 'fast-check'
import { randomDraw } from '../../random.ts'

/** One stretch of a sample: new bytes, one byte many times, or something from earlier on once more. */
type Stretch =
  | { kind: 'noise'; count: number; symbols: number; seed: number }
  | { kind: 'run'; count: number; byte: number }
  | { kind: 'again'; count: number; back: number }

const counts = fc.oneof(
  { weight: 4, arbitrary: fc.nat(20) },
  { weight: 3, arbitrary: fc.nat(400) },
  { weight: 1, arbitrary: fc.nat(70_000) },
)

const stretch: fc.Arbitrary<Stretch> = fc.oneof(
  fc.record({
    kind: fc.constant('noise' as const),
    count: counts,
    symbols: fc.constantFrom(2, 20, 100, 256),
    seed: fc.nat(),
  }),
  fc.record({ kind: fc.constant('run' as const), count: counts, byte: fc.nat(255) }),
  fc.record({
    kind: fc.constant('again' as const),
    count: counts,
    back: fc.oneof(fc.nat(40), fc.nat(200_000)),
  }),
)

/** Bytes with what compressors look for: repeats near and far, overlapping ones, skewed symbols, noise. */
export const samples: fc.Arbitrary<Buffer> = fc.array(stretch, { maxLength: 12 }).map((stretches) => {
  const bytes: number[] = []
  for (const next of stretches) {
    const draw = next.kind === 'noise' ? randomDraw(next.seed) : undefined
    for (let i = 0; i < next.count; i++) {
      if (next.kind === 'run') bytes.push(next.byte)
      else if (next.kind === 'again') bytes.push(bytes[bytes.length - 1 - next.back] ?? 0)
      else bytes.push(Math.floor((draw?.() ?? 0) ** 2 * next.symbols))
    }
  }
  return Buffer.from(bytes)
})

/** Lines of JSON, of which Kafka carries many. */
export function jsonLines(size: number): Buffer {
  const draw = randomDraw(7)
  const lines: string[] = []
  for (let length = 0; length < size; ) {
    const line = `{"id":${lines.length},"user":"user-${Math.floor(draw() * 5000)}","amount":${Math.floor(draw() * 1e5) / 100}}\n`
    lines.push(line)
    length += line.length
  }
  return Buffer.from(lines.join('')).subarray(0, size)
}

export function noise(size: number): Buffer {
  const draw = randomDraw(11)
  return Buffer.from(Array.from({ length: size }, () => Math.floor(draw() * 256)))
}
