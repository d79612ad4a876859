import { posix } from 'node:path'
import { FailedError } from '../../../../src/lib/errors.ts'
import type { DiskEntry, DiskStat, ReadableDisk, ReadableFile } from '../../../../src/lib/ports/disk.ts'

/** Files by their whole paths, to be read. A million folders a minute are more than a disk wants to see. */
export class MemoryDisk implements ReadableDisk {
  readonly #files: ReadonlyMap<string, Buffer>

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.#files = files
  }

  openToRead(path: string): ReadableFile {
    const bytes = this.#files.get(path)
    if (bytes === undefined) throw new FailedError('not-found', `there is no ${path}`)
    return fileOf(path, bytes)
  }

  list(folder: string): DiskEntry[] {
    const under = [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`))
    const rests = under.map((path) => path.slice(folder.length + 1).split('/'))
    const kinds = new Map(
      rests.map(([name = '', ...more]) => [name, more.length === 0 ? 'file' : 'folder'] as const),
    )
    return [...kinds].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  stat(path: string): DiskStat | undefined {
    const bytes = this.#files.get(path)
    if (bytes !== undefined) return { kind: 'file', sizeBytes: bytes.length, modifiedMs: 1_700_000_000_000 }
    const isFolder = [...this.#files.keys()].some((other) => posix.dirname(other).startsWith(path))
    return isFolder ? { kind: 'folder', sizeBytes: 0, modifiedMs: 1_700_000_000_000 } : undefined
  }
}

export function fileOf(path: string, bytes: Buffer): ReadableFile {
  const read = (into: Uint8Array, position: number) => bytes.copy(into, 0, position, position + into.length)
  return {
    path,
    sizeBytes: () => bytes.length,
    read,
    readCold: async (into, position) => read(into, position),
    close: () => {},
  }
}
