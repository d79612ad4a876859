import { join } from 'node:path'
import { DataError, FailedError, type KtoolError } from '../../errors.ts'
import { type MetaProperties, parseMetaProperties } from '../../log/files/meta-properties.ts'
import { metaFile, readIfThere } from '../../log/log-directory.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { Identity } from './metadata-checks.ts'

/** Whose directory it is that was formatted for a KRaft node. */
export function readIdentity(disk: ReadableDisk, dataDir: string): Identity {
  const { value: meta, problem } = readIfThere(disk, join(dataDir, metaFile), parseMetaProperties)
  if (problem !== null) throw unreadable(dataDir, problem)
  if (meta === null || meta.version === 0) {
    throw new FailedError('zookeeper-directory', `${dataDir} belongs to a broker of a ZooKeeper cluster`, {
      hint: 'what such a cluster knows of its topics is in ZooKeeper: read it with --log-dir, or start on another directory',
      details: { path: dataDir },
    })
  }
  return identityOf(dataDir, meta)
}

export function identityOf(path: string, { clusterId, nodeId, directoryId }: MetaProperties): Identity {
  if (clusterId !== null && nodeId !== null && directoryId !== null) {
    return { path, clusterId, nodeId, directoryId }
  }
  throw new FailedError('old-directory', `meta.properties in ${path} names no cluster, node or directory`, {
    hint: 'a broker of Kafka 3.7 or later writes these when it starts on it',
    details: { path },
  })
}

/** It says what is wrong with the file, and not which of all files of this name it is. */
function unreadable(dataDir: string, problem: KtoolError): DataError {
  return new DataError(problem.code, `${dataDir} cannot be opened: ${problem.message}`, {
    hint: 'nothing was changed; if a newer Kafka wrote it, open it with that one',
    details: { path: join(dataDir, metaFile) },
    cause: problem,
  })
}
