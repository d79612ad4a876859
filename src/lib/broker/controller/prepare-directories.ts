import { join } from 'node:path'
import { FailedError } from '../../errors.ts'
import { metaFile } from '../../log/log-directory.ts'
import type { DataDirs } from '../../log/write/log-store.ts'
import { METADATA_VERSION } from '../../model/metadata-versions.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import { readBootstrap } from './bootstrap.ts'
import { directoryIdentity, mustBelongTogether, readIdentity } from './directory-identity.ts'
import { type FormatFacts, formatDirectory } from './format-directory.ts'
import type { DirectoryIdentity, Identity } from './identity.ts'
import { keepCopy, wasKafkas } from './keep-copy.ts'
import { mustBeOpenable } from './metadata-checks.ts'
import { mustHaveNoOther } from './metadata-place.ts'

/** Keys and passwords that a directory was given before it was formatted. */
export const secureFiles: readonly string[] = [
  'broker.pem',
  'certificate.pem',
  'client.properties',
  'kcat.conf',
]

type Ports = Pick<BrokerPorts, 'clock' | 'disk' | 'random' | 'log'>

/**
 * Before the logs of a broker are opened: directories that are empty or not there are formatted, and those that this
 * broker must not touch are refused while nothing in any of them has changed.
 */
export async function prepareDirectories(ports: Ports, dirs: DataDirs, wishedId?: number): Promise<Identity> {
  const { disk } = ports
  const all = [...new Set([dirs.metadataDir, ...dirs.logDirs])]
  const formatted = all.filter((path) => isFormatted(disk, path))
  const known = formatted.map((path) => directoryIdentity(disk, path))
  mustBelongTogether(known)
  mustHaveNoOther(disk, dirs)
  if (known.length > 0) await takeOver(ports, dirs, known)
  let facts = known[0] === undefined ? newcomer(wishedId) : whoIs(known[0])
  for (const path of all) {
    if (formatted.includes(path)) continue
    const { clusterId, nodeId } = await formatDirectory(path, ports, facts)
    facts = { clusterId, nodeId }
    if (known.length > 0) ports.log.log('info', 'a directory was added to those of the broker', { path })
  }
  const identity = readIdentity(disk, dirs)
  const { nodeId } = identity
  if (wishedId !== undefined && wishedId !== nodeId) {
    ports.log.log('warn', 'node.id is left aside: the directory says which node it is', { nodeId, wishedId })
  }
  return identity
}

function newcomer(nodeId: number | undefined): Partial<FormatFacts> {
  return nodeId === undefined ? {} : { nodeId }
}

function whoIs({ clusterId, nodeId }: DirectoryIdentity): Partial<FormatFacts> {
  return { clusterId, nodeId }
}

function isFormatted(disk: Ports['disk'], path: string): boolean {
  if (disk.stat(path) === undefined) return false
  if (disk.stat(join(path, metaFile)) !== undefined) return true
  if (disk.list(path).some(({ name }) => !isOwnTrace(name))) throw foreign(path)
  return false
}

/** What a formatting leaves that did not come to its end, and who looks into empty directories. */
function isOwnTrace(name: string): boolean {
  return (
    name.startsWith('bootstrap.checkpoint') ||
    name.startsWith(metaFile) ||
    name.startsWith('.') ||
    secureFiles.includes(name) ||
    name === 'lost+found'
  )
}

async function takeOver(ports: Ports, dirs: DataDirs, known: readonly DirectoryIdentity[]): Promise<void> {
  const { disk } = ports
  const { metadataDir, logDirs } = dirs
  const [{ clusterId, nodeId }] = known as readonly [DirectoryIdentity]
  const there = known.filter(({ path }) => logDirs.includes(path))
  const image = mustBeOpenable(disk, { clusterId, nodeId, metadataDir, logDirs: there })
  if (image?.features.has(METADATA_VERSION) !== true) readBootstrap(disk, metadataDir)
  const isKafkas = image !== undefined && wasKafkas(image, { disk, dataDir: metadataDir, nodeId })
  if (isKafkas) await keepCopy(ports, metadataDir, image, there)
}

function foreign(path: string): FailedError {
  return new FailedError('not-a-data-directory', `${path} holds files, and none of them is ${metaFile}`, {
    hint: 'name an empty directory, one that is not there yet, or one that a Kafka broker has used',
    details: { path },
  })
}
