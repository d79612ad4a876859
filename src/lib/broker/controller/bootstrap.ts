import { join } from 'node:path'
import { DataError } from '../../errors.ts'
import { BatchFeed } from '../../log/batch-feed.ts'
import { MetadataReplay } from '../../log/cluster/metadata-replay.ts'
import { METADATA_VERSION } from '../../model/metadata-versions.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import {
  beginTransactionRecord,
  endTransactionRecord,
} from '../../protocol/records/cluster-metadata-records.ts'
import { ELIGIBLE_LEADERS, formattedFeatures } from './features.ts'
import { bootstrapFile, bootstrapRecords } from './format-directory.ts'
import { mustBeUnderstood } from './metadata-checks.ts'
import { recordVersionsOf } from './record-versions.ts'
import { configChanges } from './topic-records.ts'

/**
 * What the first leader writes into an empty metadata log: the records that the directory was formatted with,
 * as one transaction, where their metadata version has these (KIP-868).
 */
export function bootstrapTransaction(
  disk: ReadableDisk,
  dataDir: string,
  minInsyncReplicas: number,
): Buffer[] {
  const { records, features } = readBootstrap(disk, dataDir) ?? formatted()
  // With lists of eligible leaders the minimum in sync is the cluster's, no longer that of each broker (KIP-966).
  const least = new Map([['min.insync.replicas', String(minInsyncReplicas)]])
  const isOfCluster = (features.get(ELIGIBLE_LEADERS) ?? 0) > 0
  const all = [...records, ...(isOfCluster ? configChanges('broker', '', least) : [])]
  if (!recordVersionsOf(features.get(METADATA_VERSION) ?? 0).hasTransactions) return all
  const begin = beginTransactionRecord.encodeFramed({ name: 'Bootstrap records' }, 0)
  return [begin, ...all, endTransactionRecord.encodeFramed({}, 0)]
}

export interface Bootstrap {
  readonly records: readonly Buffer[]
  readonly features: ReadonlyMap<string, number>
}

function formatted(): Bootstrap {
  return { records: bootstrapRecords(), features: formattedFeatures }
}

/** Null where no such file lies there. */
export function readBootstrap(disk: ReadableDisk, dataDir: string): Bootstrap | null {
  const path = join(dataDir, bootstrapFile)
  if (disk.stat(path) === undefined) return null
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
  return { records, features: replay.state.features }
}
