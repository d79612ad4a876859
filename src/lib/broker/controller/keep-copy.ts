import { join } from 'node:path'
import type { MetadataImage } from '../../log/cluster/metadata-image.ts'
import { copyFile } from '../../log/copy-file.ts'
import { offsetCheckpoints } from '../../log/files/offset-checkpoint.ts'
import { metaFile, readIfThere } from '../../log/log-directory.ts'
import { replaceFile } from '../../log/write/replace-file.ts'
import type { Disk } from '../../ports/disk.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import { bootstrapFile } from './format-directory.ts'
import type { DirectoryIdentity } from './identity.ts'

const PREFIX = 'before-ktool-'
const COPIES_KEPT = 3

/** Before `metadata.version` 15 controllers do not register: then it says which epoch was ours. */
const EPOCH_FILE = '.ktool-epoch'

/** What Kafka left last: a controller of ours registers no address, for nobody connects to it. */
export function wasKafkas(
  { controllers, epoch }: Pick<MetadataImage, 'controllers' | 'epoch'>,
  { disk, dataDir, nodeId }: { readonly disk: Disk; readonly dataDir: string; readonly nodeId: number },
): boolean {
  const registered = controllers.get(nodeId)
  return registered === undefined ? ownEpoch(disk, dataDir) !== epoch : registered.endpoints.length !== 0
}

/** Before the epoch begins: what a crash leaves between is not taken for Kafka's. */
export function rememberEpoch(disk: Disk, dataDir: string, epoch: number): void {
  replaceFile(disk, join(dataDir, EPOCH_FILE), Buffer.from(`${epoch}\n`))
}

function ownEpoch(disk: Disk, dataDir: string): number | null {
  return readIfThere(disk, join(dataDir, EPOCH_FILE), (bytes) => Number(bytes.toString('utf8'))).value
}

/**
 * All that Kafka has written down of the directory and of the cluster, for whoever wants to go back. It lies in the
 * folder of the metadata log, since Kafka starts on no directory with a folder whose name is not that of a partition,
 * and looks only at the files of this one. What is of another directory lies there by the id of that.
 */
export async function keepCopy(
  { disk, log }: { readonly disk: Disk; readonly log: LogSink },
  metadataDir: string,
  { path: logPath, endOffset, epoch }: Pick<MetadataImage, 'path' | 'endOffset' | 'epoch'>,
  logDirs: readonly DirectoryIdentity[],
): Promise<void> {
  const name = `${PREFIX}${String(endOffset).padStart(20, '0')}-${epoch}`
  const folder = join(logPath, name)
  if (disk.stat(folder) !== undefined) return
  const unfinished = join(logPath, `unfinished-${name}`)
  if (disk.stat(unfinished) !== undefined) disk.remove(unfinished)
  await copyFiles(disk, metadataDir, unfinished, besideTheLog)
  for (const { path, directoryId } of logDirs) {
    if (path !== metadataDir) await copyFiles(disk, path, join(unfinished, directoryId), besideTheLog)
  }
  await copyFiles(disk, logPath, join(unfinished, '__cluster_metadata-0'), namesIn(disk, logPath))
  disk.rename(unfinished, folder)
  await disk.flushFolder(logPath)
  log.log('info', 'a copy of what Kafka left of checkpoints and metadata was kept', { path: folder })
  forgetOldest(disk, logPath)
}

/** The mark of a clean stop tells of one stop, and is not to be put back after another. */
const besideTheLog = [metaFile, bootstrapFile, ...Object.values(offsetCheckpoints)]

async function copyFiles(disk: Disk, from: string, to: string, names: readonly string[]): Promise<void> {
  disk.makeFolder(to)
  for (const name of names) {
    if (disk.stat(join(from, name)) !== undefined) await copyFile(disk, join(from, name), join(to, name))
  }
  await disk.flushFolder(to)
}

function namesIn(disk: Disk, folder: string): string[] {
  return disk.list(folder).flatMap(({ name, kind }) => (kind === 'file' ? [name] : []))
}

/** The names sort as they were made. */
function forgetOldest(disk: Disk, logPath: string): void {
  const copies = disk.list(logPath).filter(({ name, kind }) => kind === 'folder' && name.startsWith(PREFIX))
  for (const { name } of copies.slice(0, -COPIES_KEPT)) disk.remove(join(logPath, name))
}
