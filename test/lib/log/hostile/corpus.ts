import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseFolderName } from '../../../../src/lib/log/files/folder-names.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { T0 } from '../../records/samples.ts'

/** A file that is small enough to be broken in every way, and what stands beside it in its folder. */
export interface Subject {
  readonly name: string
  readonly folder: string
  readonly file: string
  readonly bytes: Buffer
  /** It lies in a log directory, not in the folder of a partition. */
  readonly isOfDirectory: boolean
  /** The files of the folder by name, this one among them. */
  readonly beside: ReadonlyMap<string, Buffer>
}

export const LARGEST_BYTES = 4096

const golden = fileURLToPath(new URL('../../../golden/disk/', import.meta.url))

const logPaths = [
  'segments/append-time/append-time-0/00000000000000000000.log',
  'segments/codec-mixed/codec-mixed-0/00000000000000000000.log',
  'segments/compact-basic/compact-basic-0/00000000000000000000.log',
  'segments/compact-idem/compact-idem-0/00000000000000000140.log',
  'segments/compact-idem/compact-idem-0/00000000000000000045.log',
  'segments/compact-txn/compact-txn-0/00000000000000000048.log',
  'segments/compact-txn-purge/compact-txn-purge-0/00000000000000000297.log',
  'segments/epochs/epochs-0/00000000000000000109.log',
  'segments/recompress-gzip/recompress-gzip-0/00000000000000000000.log',
  'segments/recompress-zstd/recompress-zstd-0/00000000000000000000.log',
  'segments/roll-index/roll-index-0/00000000000000000077.log',
  'segments/roll-time/roll-time-0/00000000000000000010.log',
  'segments/topic-deleted/topic-deleted-0.aaf3ea3f3c91494894e43962f0f2726f-delete/00000000000000000000.log',
  'segments/txn-v2/txn-v2-0/00000000000000000000.log',
  'segments/txn-open-v2/txn-open-v2-0/00000000000000000128.log',
  'segments/v2-011/v2-011-0/00000000000000000187.log',
  'segments/kcat-0.10.2-gzip/kcat-0.10.2-gzip-0/00000000000000000000.log',
  'segments/kcat-0.10.2-lz4/kcat-0.10.2-lz4-0/00000000000000000000.log',
  'segments/kcat-0.10.2-snappy/kcat-0.10.2-snappy-0/00000000000000000000.log',
  'segments/v1-102-none/v1-102-none-0/00000000000000000099.log',
  'segments/v1-102-compact/v1-102-compact-0/00000000000000000000.log',
  'segments/v1-102-append-time/v1-102-append-time-0/00000000000000000060.log',
  'segments/v1-102-compact-cleaned-by-431/v1-102-compact-0/00000000000000000000.log',
  'segments/kcat-0.9.0-gzip/kcat-0.9.0-gzip-0/00000000000000000000.log',
  'segments/kcat-0.9.0-snappy/kcat-0.9.0-snappy-0/00000000000000000000.log',
  'segments/v0-082-none/v0-082-none-0/00000000000000000048.log',
  'segments/v0-082-lz4/v0-082-lz4-0/00000000000000000094.log',
  'segments/v0-090-compact/v0-090-compact-0/00000000000000000000.log',
  'segments/mixed-magic/mixed-magic-0/00000000000000000145.log',
  'logdirs/kraft-431/data0/orders-0/00000000000000000000.log',
  'logdirs/kraft-431/data1/payments-0/00000000000000000000.log',
  'logdirs/kraft-431/data1/__transaction_state-0/00000000000000000000.log',
  'logdirs/zk-231/data/__consumer_offsets-0/00000000000000000000.log',
  'logdirs/kraft-431/data0/__share_group_state-1/00000000000000000000.log',
  'logdirs/kraft-431/data0/__cluster_metadata-0/00000000000000000122-0000000002.checkpoint',
  'logdirs/kraft-431/data0/bootstrap.checkpoint',
]

const otherPaths = [
  'segments/roll-index/roll-index-0/00000000000000000077.index',
  'segments/codec-gzip/codec-gzip-0/00000000000000000000.index',
  'segments/roll-time/roll-time-0/00000000000000000010.timeindex',
  'segments/compact-basic/compact-basic-0/00000000000000000000.timeindex',
  'segments/compact-txn/compact-txn-0/00000000000000000048.txnindex',
  'logdirs/kraft-431/data1/payments-0/00000000000000000000.txnindex',
  'segments/compact-idem/compact-idem-0/00000000000000000150.snapshot',
  'segments/txn-open-v2/txn-open-v2-0/00000000000000000128.snapshot',
  'segments/epochs/epochs-0/leader-epoch-checkpoint',
  'segments/epochs/epochs-0/partition.metadata',
  'logdirs/zk-231/data/recovery-point-offset-checkpoint',
  'logdirs/kraft-431/data0/replication-offset-checkpoint',
  'logdirs/kraft-431/data0/log-start-offset-checkpoint',
  'logdirs/kraft-431/data0/cleaner-offset-checkpoint',
  'logdirs/kraft-431/data0/meta.properties',
  'logdirs/zk-231/data/meta.properties',
  'logdirs/kraft-431/data0/__cluster_metadata-0/quorum-state',
]

/**
 * Somebody keeps batches of Kafka in Kafka's values, such as a copy of a log. No broker has written this one:
 * a reader that looks for a batch in damaged bytes must not take what is in a value for one of the log's own.
 */
export const embedding: Subject = subjectOfBatches()

export const logs: readonly Subject[] = [...logPaths.map(subjectAt), embedding]
export const otherFiles: readonly Subject[] = otherPaths.map(subjectAt)

/** A file of the golden data, by its path there. */
export function subjectAt(path: string): Subject {
  const bytes = readFileSync(golden + path)
  if (bytes.length > LARGEST_BYTES) throw new Error(`${path} is too large to be broken in every way`)
  const folder = dirname(path)
  return {
    name: path,
    folder: basename(folder),
    isOfDirectory: parseFolderName(basename(folder)) === undefined,
    file: basename(path),
    bytes,
    beside: filesIn(golden + folder),
  }
}

function filesIn(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder).filter((name) => statSync(`${folder}/${name}`).isFile())
  return new Map(names.map((name) => [name, readFileSync(`${folder}/${name}`)]))
}

function subjectOfBatches(): Subject {
  const inner = [batch(7, ['an older one']), batch(21, ['it fits here']), batch(4000, ['of another log'])]
  const log = Buffer.concat([
    batch(20, ['plain']),
    batch(21, [Buffer.concat(inner), 'and more']),
    batch(23, [inner[1] ?? '', inner[2] ?? '', inner[0] ?? '']),
    batch(26, ['plain again']),
    batch(27, ['the last']),
  ])
  const file = '00000000000000000020.log'
  return {
    name: 'values that are batches',
    folder: 'copies-0',
    isOfDirectory: false,
    file,
    bytes: log,
    beside: new Map([[file, log]]),
  }
}

function batch(baseOffset: number, values: readonly (Buffer | string)[]): Buffer {
  const writer = new BatchWriter({ baseOffset, partitionLeaderEpoch: 0 })
  for (const value of values) writer.append({ timestamp: T0, key: null, value: Buffer.from(value) })
  return writer.finish()
}
