import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { goldenDirectory } from '../../log/cluster/golden-directories.ts'

/** Logs and snapshots that a real Kafka wrote, by their names. */
export function metadataFiles(directory: string): [string, Buffer][] {
  const data = goldenDirectory(directory)
  const folder = join(data, '__cluster_metadata-0')
  const names = readdirSync(folder).filter((name) => /\.(log|checkpoint)$/.test(name))
  const files = names.map((name): [string, Buffer] => [name, readFileSync(join(folder, name))])
  return [...files, ['bootstrap.checkpoint', readFileSync(join(data, 'bootstrap.checkpoint'))]]
}

export function* batchesOf(bytes: Buffer): Generator<RecordBatch> {
  for (const found of scanBatches(bytes)) {
    if (found.kind === 'damage') throw new Error(found.finding)
    yield found
  }
}
