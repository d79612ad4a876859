import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { xxh3 } from '../../../src/lib/bytes/xxh3.ts'

const golden = new URL('../../golden/hashes/xxh3.txt.gz', import.meta.url)
const lines = gunzipSync(readFileSync(golden)).toString().trim().split('\n')

it('hashes inputs of every length class as hash4j of Apache Kafka does', () => {
  const ours = lines
    .map((line) => line.split(' ')[0] ?? '')
    .filter((length) => length !== 's')
    .map((length) => `${length} ${xxh3(patterned(Number(length)))}`)
  expect(ours).toEqual(lines.filter((line) => !line.startsWith('s')))
  expect(ours.length).toBeGreaterThan(280)
})

it('takes texts as UTF-16 with their length behind, as Kafka puts them into its streams', () => {
  const bytes = Buffer.alloc(37)
  bytes.writeBigInt64LE(1n, 1)
  bytes.writeBigInt64LE(-2n, 9)
  bytes.write('orders', 17, 'utf16le')
  bytes.writeInt32LE(6, 29)
  bytes.writeInt32LE(3, 33)
  expect(lines).toContain(`s ${xxh3(bytes)}`)
})

function patterned(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + length) & 0xff))
}
