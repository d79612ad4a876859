import { join } from 'node:path'
import { DataError } from '../../errors.ts'
import { BatchFeed } from '../../log/batch-feed.ts'
import { MetadataReplay } from '../../log/cluster/metadata-replay.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import {
  beginTransactionRecord,
  endTransactionRecord,
} from '../../protocol/records/cluster-metadata-records.ts'
import { bootstrapFile, bootstrapRecords } from './format-directory.ts'
import { mustBeUnderstood } from './metadata-checks.ts'
import { configChanges } from './topic-records.ts'

/**
 * What the first leader writes into an empty metadata log: the records that the directory was formatted with,
 * as one transaction (KIP-868).
 */
export function bootstrapTransaction(disk: ReadableDisk, dataDir: string): Buffer[] {
  const path = join(dataDir, bootstrapFile)
  const records = disk.stat(path) === undefined ? bootstrapRecords() : readBootstrap(disk, path)
  return [
    beginTransactionRecord.encodeFramed({ name: 'Bootstrap records' }, 0),
    ...records,
    endTransactionRecord.encodeFramed({}, 0),
  ]
}

function readBootstrap(disk: ReadableDisk, path: string): Buffer[] {
  const records: Buffer[] = []
  const replay = new MetadataReplay((_type, value) => void records.push(Buffer.from(value)))
  const file = disk.openToRead(path)
  try {
    for (const found of new BatchFeed(file)) {
      if (found.kind === 'damage') {
        throw new DataError('corrupt-bootstrap', `${path} cannot be read: ${found.finding}`, {
          details: { path, position: found.position },
        })
      }
      replay.batch(found)
    }
  } finally {
    file.close()
  }
  mustBeUnderstood(path, replay)
  // With lists of eligible leaders the minimum in sync is the cluster's, no longer that of each broker (KIP-966).
  if ((replay.state.features.get('eligible.leader.replicas.version') ?? 0) > 0) {
    records.push(...configChanges('broker', '', new Map([['min.insync.replicas', '1']])))
  }
  return records
}
