import type { OpenArena } from '../../src/lib/compression/arena.ts'
import type { Codec } from '../../src/lib/compression/codec.ts'
import { compress } from '../../src/lib/compression/compress.ts'
import { decompress } from '../../src/lib/compression/decompress.ts'
import { compressLz4, decompressLz4 } from '../../src/lib/compression/lz4.ts'
import { ScriptArena } from '../../src/lib/compression/script-arena.ts'
import { compressSnappy, decompressSnappy } from '../../src/lib/compression/snappy.ts'
import { decompressZstd } from '../../src/lib/compression/zstd.ts'
import { compressZstd } from '../../src/lib/compression/zstd-encoder.ts'
import { jsonLines } from '../lib/compression/samples.ts'
import { measure, type Subject } from './measure.ts'

/** Gigabytes of plain data a second, by WebAssembly and by TypeScript, beside a plain copy of it. */

const script: OpenArena = (source, targetBytes) => new ScriptArena(source, targetBytes)

const scripted: {
  readonly [codec in Codec]?: readonly [
    write: (raw: Buffer) => Buffer,
    read: (data: Buffer, maxBytes: number) => Buffer,
  ]
} = {
  snappy: [
    (raw) => compressSnappy(raw, 'xerial', script),
    (data, max) => decompressSnappy(data, max, script),
  ],
  lz4: [(raw) => compressLz4(raw, 2, script), (data, max) => decompressLz4(data, max, 2, script)],
  zstd: [(raw) => compressZstd(raw, script), (data, max) => decompressZstd(data, max, script)],
}

for (const size of [1024, 65_536, 1_048_576]) {
  const raw = jsonLines(size)
  const subjects: Subject[] = [{ name: 'copy', work: () => void Buffer.from(raw) }]
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const data = compress(codec, raw)
    const ratio = (size / data.length).toFixed(1)
    subjects.push({ name: `${codec} read`, work: () => void decompress(codec, data, { maxBytes: size }) })
    subjects.push({ name: `${codec} write, to 1/${ratio}`, work: () => void compress(codec, raw) })
    const [write, read] = scripted[codec] ?? []
    if (write === undefined || read === undefined) continue
    subjects.push({ name: `${codec} read by TypeScript`, work: () => void read(data, size) })
    subjects.push({ name: `${codec} write by TypeScript`, work: () => void write(raw) })
  }
  process.stdout.write(`batches of ${size} bytes of JSON lines\n`)
  const timings = measure(subjects, { rounds: 15, runs: Math.max(1, Math.round(1_000_000 / size)) })
  for (const { name, medianUs, bestUs } of timings) {
    const [median, best] = [medianUs, bestUs].map((us) => (size / us / 1000).toFixed(3))
    process.stdout.write(`  ${name.padEnd(28)} median ${median} GB/s, best ${best}\n`)
  }
}
