import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import type { Disk, DiskKind, DiskSpace, DiskStat } from './disk.ts'
import { diskError, saying } from './disk-error.ts'
import { type FileCalls, SystemFile } from './system-file.ts'

/** Read and write, made if it is not there; not `a`, which would move every write to the end. */
const APPENDABLE = fs.constants.O_RDWR | fs.constants.O_CREAT

const PRIVATE = 0o600

export const systemDisk: Disk = diskOver(fs)

/** A disk whose files make these calls. */
export function diskOver(calls: FileCalls): Disk {
  return {
    openToRead: (path) => openFile(calls, path, 'r'),
    openToAppend: (path, access) =>
      openFile(calls, path, APPENDABLE, access === 'private' ? PRIVATE : undefined),
    list: (folder) => saying('list', folder, () => listFolder(folder)),
    stat: (path) => saying('look at', path, () => statOf(path)),
    makeFolder: (path) => saying('make the folder', path, () => makeFolder(path)),
    rename: (from, to) => saying('rename', from, () => fs.renameSync(from, to)),
    setModified: (path, modifiedMs) => saying('change', path, () => setModified(path, modifiedMs)),
    remove: (path) => saying('remove', path, () => fs.rmSync(path, { recursive: true })),
    space: (path) => saying('look at', path, () => spaceOf(path)),
    flushFolder,
  }
}

/** Node's own `recursive` never ends where a system will not have a folder and says that there is no way to it. */
function makeFolder(path: string): void {
  if (statOf(path)?.kind === 'folder') return
  const parent = dirname(path)
  if (parent !== path && statOf(parent) === undefined) makeFolder(parent)
  try {
    fs.mkdirSync(path)
  } catch (cause) {
    // Somebody else may have made it meanwhile.
    if (statOf(path)?.kind !== 'folder') throw cause
  }
}

function setModified(path: string, modifiedMs: number): void {
  const seconds = modifiedMs / 1000
  fs.utimesSync(path, seconds, seconds)
}

function openFile(calls: FileCalls, path: string, flags: string | number, mode?: number): SystemFile {
  return saying('open', path, () => new SystemFile(calls, path, fs.openSync(path, flags, mode)))
}

function listFolder(folder: string): { name: string; kind: DiskKind }[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .map((entry) => ({
      name: entry.name,
      kind: entry.isSymbolicLink() ? kindBehind(folder, entry.name) : kindOf(entry),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A link that leads nowhere must not hide its neighbours. */
function kindBehind(folder: string, name: string): DiskKind {
  try {
    return statOf(join(folder, name))?.kind ?? 'other'
  } catch {
    return 'other'
  }
}

function kindOf(entry: fs.Dirent | fs.Stats): DiskKind {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

function statOf(path: string): DiskStat | undefined {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  const { size: sizeBytes, mtimeMs: modifiedMs, dev: device, ino: inode, uid: userId } = stat
  return { kind: kindOf(stat), sizeBytes, modifiedMs, identity: { device, inode, userId } }
}

function spaceOf(path: string): DiskSpace {
  const { bsize, blocks, bavail } = fs.statfsSync(path)
  return { totalBytes: blocks * bsize, usableBytes: bavail * bsize }
}

async function flushFolder(path: string): Promise<void> {
  try {
    const folder = await fs.promises.open(path, 'r')
    await folder.sync().finally(() => folder.close())
  } catch (cause) {
    throw diskError(cause, 'flush the folder', path)
  }
}
