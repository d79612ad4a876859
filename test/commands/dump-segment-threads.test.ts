import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { crc32c } from '../../src/lib/bytes/crc32c.ts'
import { batchLayout } from '../../src/lib/records/batch-layout.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { environment, ktool } from '../ktool.ts'

/** So many at most: a limit keeps a dump to one thread. */
const ALL = '2000000000'

const folder = mkdtempSync(join(tmpdir(), 'ktool-threads-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** More than the 32 MiB that are worth a second thread, with damage of every kind among the batches. */
function damagedLog(): Buffer {
  const batches: Buffer[] = []
  let baseOffset = 0
  for (let i = 0; i < 3000; i++) {
    const writer = new BatchWriter({ baseOffset, codec: i % 7 === 0 ? 'lz4' : 'none' })
    while (writer.sizeBytes < 16_000)
      writer.append({ timestamp: i, key: null, value: Buffer.from(`value "${baseOffset}" `.repeat(10)) })
    baseOffset += writer.count
    batches.push(writer.finish())
  }
  batches[701]?.writeUInt8(1, 900)
  batches[1100]?.fill(0, 0, 200)
  miscount(batches[1500] ?? expect.fail('too short'))
  return Buffer.concat(batches)
}

/** Sound by its CRC, and yet its records end before its bytes do. */
function miscount(batch: Buffer): void {
  batch.writeInt32BE(7, batchLayout.count)
  batch.writeUInt32BE(crc32c(batch, batchLayout.attributes), batchLayout.crc)
}

test('a dump with two threads is that of one, its damage where it was found', async () => {
  const path = join(folder, '00000000000000000000.log')
  writeFileSync(path, damagedLog())
  const dump = ['dump-segment', '--records', '-o', 'jsonl', path]
  const two = await ktool(dump)
  const one = await ktool([...dump, '-n', ALL])
  expect(two.status).toBe(3)
  expect(two.stdout.toString().match(/"kind":"damage"/g)).toHaveLength(3)
  expect(two.stderr).toBe(one.stderr)
  expect(two.stdout.equals(one.stdout)).toBe(true)
})

test('KTOOL_THREADS=1 keeps it to one, with the same lines', async () => {
  const path = join(folder, '00000000000000000000.log')
  writeFileSync(path, damagedLog())
  const dump = ['dump-segment', '--records', '-o', 'jsonl', path]
  // Node says on stderr when a thread is started.
  const env = { ...environment, NODE_DEBUG: 'worker' }
  const two = await ktool(dump, '', env)
  const one = await ktool(dump, '', { ...env, KTOOL_THREADS: '1' })
  expect(two.stderr).toContain('WORKER')
  expect(one.stderr).not.toContain('WORKER')
  expect(one.stdout.equals(two.stdout)).toBe(true)
})
