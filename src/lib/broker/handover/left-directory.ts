import { join } from 'node:path'
import { FailedError } from '../../errors.ts'
import type { EndpointImage } from '../../log/cluster/metadata-image.ts'
import { metaFile } from '../../log/log-directory.ts'
import { mustBeFree, ownerOf } from '../../log/owner/directory-owner.ts'
import type { DataDirs } from '../../log/write/log-store.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { readBootstrap } from '../controller/bootstrap.ts'
import { readIdentity } from '../controller/directory-identity.ts'
import { isCleanStop, mustBeOpenable } from '../controller/metadata-checks.ts'
import { mustHaveNoOther } from '../controller/metadata-place.ts'

const KEY_FILE = 'broker.pem'

/** The directories of a broker that is stopped, as whoever starts on them next finds them. */
export interface LeftDirectory {
  /** Its `log.dirs`. */
  readonly logDirs: readonly string[]
  readonly metadataDir: string
  readonly nodeId: number
  readonly clusterId: string
  readonly features: ReadonlyMap<string, number>
  /** Where the broker was to be reached; none where it never ran. */
  readonly endpoints: readonly EndpointImage[]
  /** Of its controller as voter, where the quorum keeps its voters in its log (KIP-853); else null. */
  readonly voterPort: number | null
  readonly hasVotersInLog: boolean
  readonly isClean: boolean
  /** Key and certificate of the broker, where they lie in its directory. */
  readonly keyFile: string | null
  readonly aclCount: number
  readonly tokenCount: number
  /** Mechanisms of SCRAM that somebody has a password for. */
  readonly mechanisms: readonly string[]
}

/** Throws where this node alone is not all of its cluster, or the metadata is not to be trusted. Changes nothing. */
export function readLeftDirectory(disk: ReadableDisk, dirs: DataDirs): LeftDirectory {
  const { logDirs, metadataDir } = dirs
  for (const path of new Set([metadataDir, ...logDirs])) {
    if (disk.stat(join(path, metaFile)) === undefined) throw noDirectory(path)
    mustBeFree(ownerOf(disk, path), path)
  }
  const identity = readIdentity(disk, dirs)
  const { nodeId, clusterId } = identity
  mustHaveNoOther(disk, dirs)
  const image = mustBeOpenable(disk, identity)
  const features = image?.features ?? readBootstrap(disk, metadataDir)?.features ?? new Map()
  const keyFile = join(logDirs[0] ?? metadataDir, KEY_FILE)
  const voter = image?.voters.find(({ id }) => id === nodeId)
  return {
    logDirs,
    metadataDir,
    nodeId,
    clusterId,
    features,
    endpoints: image?.brokers.get(nodeId)?.endpoints ?? [],
    voterPort: voter?.endpoints[0]?.port ?? null,
    hasVotersInLog: (features.get('kraft.version') ?? 0) > 0,
    isClean: image === undefined || isCleanStop(disk, identity),
    keyFile: disk.stat(keyFile) === undefined ? null : keyFile,
    aclCount: image?.acls.length ?? 0,
    tokenCount: image?.delegationTokens.length ?? 0,
    mechanisms: [...new Set(image?.scram.map(({ mechanism }) => mechanism))].sort(),
  }
}

function noDirectory(path: string): FailedError {
  return new FailedError('not-formatted', `${path} is no data directory of a broker: it has no ${metaFile}`, {
    hint: 'name the one that `ktool broker status` or the banner of the broker tells',
    details: { path },
  })
}
