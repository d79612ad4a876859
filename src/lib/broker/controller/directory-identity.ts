import { join } from 'node:path'
import { DataError, FailedError, type KtoolError } from '../../errors.ts'
import { type MetaProperties, parseMetaProperties } from '../../log/files/meta-properties.ts'
import { metaFile, readIfThere } from '../../log/log-directory.ts'
import type { DataDirs } from '../../log/write/log-store.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { DirectoryIdentity, Identity } from './identity.ts'

/** Whose directories they are, of which each was formatted. Throws where they are not of one broker. */
export function readIdentity(disk: ReadableDisk, { logDirs, metadataDir }: DataDirs): Identity {
  const read = new Map([metadataDir, ...logDirs].map((path) => [path, directoryIdentity(disk, path)]))
  const all = [...read.values()]
  mustBelongTogether(all)
  const [{ clusterId, nodeId }] = all as [DirectoryIdentity]
  return {
    clusterId,
    nodeId,
    metadataDir,
    logDirs: logDirs.map((path) => read.get(path) as DirectoryIdentity),
  }
}

/** The first says who the broker is. */
export function mustBelongTogether(all: readonly DirectoryIdentity[]): void {
  const [first] = all
  const paths = new Map<string, string>()
  for (const { path, clusterId, nodeId, directoryId } of all) {
    const isSame = clusterId === first?.clusterId && nodeId === first.nodeId
    if (!isSame) {
      throw new FailedError(
        'other-directory',
        `${path} is of node ${nodeId} of cluster ${clusterId}, and ${first?.path} of node ${first?.nodeId} of cluster ${first?.clusterId}`,
        { hint: 'name the directories of one broker', details: { path } },
      )
    }
    const other = paths.get(directoryId)
    if (other !== undefined) {
      throw new FailedError(
        'copied-directory',
        `${other} and ${path} have the same directory.id, ${directoryId}: one is a copy of the other`,
        { hint: 'leave the copy out; each log directory has an id of its own', details: { path, other } },
      )
    }
    paths.set(directoryId, path)
  }
}

/** Of a directory that was formatted for a KRaft node. */
export function directoryIdentity(disk: ReadableDisk, dataDir: string): DirectoryIdentity {
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

function identityOf(path: string, { clusterId, nodeId, directoryId }: MetaProperties): DirectoryIdentity {
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
