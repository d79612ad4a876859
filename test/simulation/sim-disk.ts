import { dirname, join } from 'node:path'
import type { AppendableFile, Disk, DiskEntry, DiskStat } from '../../src/lib/ports/disk.ts'
import { diskError } from '../../src/lib/ports/disk-error.ts'
import type { SimClock } from './sim-clock.ts'
import { SimFile } from './sim-file.ts'
import type { SimRandom } from './sim-random.ts'

type Node = SimFile | 'folder'
type Tree = Map<string, Node>
type Change = (tree: Tree) => void

/** What was done to the names of one disk. */
interface NameJournal {
  readonly unsafe: Change[]
  safeChanges: number
}

interface Slowness {
  readonly leastMs: number
  readonly mostMs: number
}

const FLUSH: Slowness = { leastMs: 0.2, mostMs: 4 }

/**
 * A disk that outlives the programs on it, and forgets what was not flushed when the power goes. Names are kept by
 * a journal: what was done last is lost first, and the flush of a folder makes safe all that was done before. Each
 * folder of the root is a disk of its own, which keeps more or less than the others.
 */
export class SimDisk {
  readonly #clock: SimClock
  readonly #random: SimRandom
  #seen: Tree = new Map([['/', 'folder']])
  #safe: Tree = new Map(this.#seen)
  readonly #journals = new Map<string, NameJournal>()

  constructor(clock: SimClock, random: SimRandom) {
    this.#clock = clock
    this.#random = random
  }

  /** As one program sees it; once that is dead, nothing it still tries does anything. */
  mount(isDead: () => boolean): Disk {
    return new MountedDisk(this, isDead)
  }

  losePower(): void {
    // The root itself, which is there for ever, has none.
    const journals = [...this.#journals].flatMap(([root, journal]) => (root === '' ? [] : [journal]))
    for (const journal of journals) {
      this.#commit(journal, this.#random.below(journal.unsafe.length + 1))
      journal.unsafe.length = 0
    }
    this.#seen = new Map(this.#safe)
    for (const node of this.#seen.values()) if (node !== 'folder') node.losePower(this.#random)
  }

  get(path: string): Node | undefined {
    return this.#seen.get(path)
  }

  file(path: string): SimFile {
    const node = this.#seen.get(path)
    if (node === undefined) throw refused('ENOENT')
    if (node === 'folder') throw refused('EISDIR')
    return node
  }

  create(path: string): SimFile {
    if (this.#seen.get(dirname(path)) !== 'folder') throw refused('ENOENT')
    const file = new SimFile(this.#clock.nowMs())
    this.#change(path, (tree) => tree.set(path, file))
    return file
  }

  makeFolder(path: string): void {
    if (this.#seen.get(path) === 'folder') return
    if (path !== '/') this.makeFolder(dirname(path))
    this.#change(path, (tree) => tree.set(path, 'folder'))
  }

  rename(from: string, to: string): void {
    if (!this.#seen.has(from)) throw refused('ENOENT')
    this.#change(from, (tree) => {
      const moved = below(tree, from).map((path) => [path, tree.get(path)] as const)
      for (const [path] of moved) tree.delete(path)
      for (const [path, node] of moved) if (node !== undefined) tree.set(to + path.slice(from.length), node)
    })
  }

  remove(path: string): void {
    if (!this.#seen.has(path)) throw refused('ENOENT')
    this.#change(path, (tree) => {
      for (const gone of below(tree, path)) tree.delete(gone)
    })
  }

  names(folder: string): string[] {
    if (this.#seen.get(folder) !== 'folder') throw refused('ENOENT')
    const prefix = folder === '/' ? '/' : `${folder}/`
    return [...this.#seen.keys()]
      .filter((path) => path.startsWith(prefix) && path !== folder && !path.includes('/', prefix.length))
      .map((path) => path.slice(prefix.length))
      .sort()
  }

  async flushFolder(path: string): Promise<void> {
    const journal = this.#journalOf(path)
    const changes = journal.safeChanges + journal.unsafe.length
    await this.#flushTime()
    this.#commit(journal, changes - journal.safeChanges)
  }

  /** Resolves with what is safe then. */
  async flushFile(file: SimFile): Promise<number> {
    const { changes, sizeBytes } = file
    await this.#flushTime()
    file.makeSafe(changes)
    return sizeBytes
  }

  get nowMs(): number {
    return this.#clock.nowMs()
  }

  #flushTime(): Promise<void> {
    const { leastMs, mostMs } = FLUSH
    return new Promise((resolve) => this.#clock.after(this.#random.between(leastMs, mostMs), resolve))
  }

  #journalOf(path: string): NameJournal {
    const [, root = ''] = path.split('/')
    const journal = this.#journals.get(root) ?? { unsafe: [], safeChanges: 0 }
    this.#journals.set(root, journal)
    return journal
  }

  #change(path: string, change: Change): void {
    change(this.#seen)
    this.#journalOf(path).unsafe.push(change)
  }

  #commit(journal: NameJournal, count: number): void {
    const safe = journal.unsafe.splice(0, Math.max(0, count))
    for (const change of safe) change(this.#safe)
    journal.safeChanges += safe.length
  }
}

function below(tree: Tree, path: string): string[] {
  return [...tree.keys()].filter((other) => other === path || other.startsWith(`${path}/`))
}

function refused(code: string): Error {
  return Object.assign(new Error(code), { code })
}

class MountedDisk implements Disk {
  readonly #disk: SimDisk
  readonly #isDead: () => boolean

  constructor(disk: SimDisk, isDead: () => boolean) {
    this.#disk = disk
    this.#isDead = isDead
  }

  openToRead(path: string): AppendableFile {
    return this.#do('open', path, () => this.#opened(path, this.#disk.file(path)))
  }

  openToAppend(path: string): AppendableFile {
    return this.#do('open', path, () => {
      const file = this.#disk.get(path) === undefined ? this.#disk.create(path) : this.#disk.file(path)
      return this.#opened(path, file)
    })
  }

  list(folder: string): DiskEntry[] {
    return this.#do('list', folder, () =>
      this.#disk.names(folder).map((name) => {
        const isFolder = this.#disk.get(join(folder, name)) === 'folder'
        return { name, kind: isFolder ? 'folder' : 'file' }
      }),
    )
  }

  stat(path: string): DiskStat | undefined {
    const node = this.#do('look at', path, () => this.#disk.get(path))
    if (node === undefined) return undefined
    if (node === 'folder') return { kind: 'folder', sizeBytes: 0, modifiedMs: 0 }
    return { kind: 'file', sizeBytes: node.sizeBytes, modifiedMs: node.modifiedMs }
  }

  makeFolder(path: string): void {
    this.#do('make the folder', path, () => this.#disk.makeFolder(path))
  }

  rename(from: string, to: string): void {
    this.#do('rename', from, () => this.#disk.rename(from, to))
  }

  setModified(path: string, modifiedMs: number): void {
    this.#do('change', path, () => {
      this.#disk.file(path).modifiedMs = modifiedMs
    })
  }

  remove(path: string): void {
    this.#do('remove', path, () => this.#disk.remove(path))
  }

  async flushFolder(path: string): Promise<void> {
    await this.#do('flush the folder', path, () => this.#disk.flushFolder(path))
  }

  #opened(path: string, file: SimFile): AppendableFile {
    const act = <T>(action: string, run: () => T): T => this.#do(action, path, run)
    return openFile(path, file, this.#disk, act)
  }

  #do<T>(action: string, path: string, run: () => T): T {
    if (this.#isDead()) throw new Error(`a program that is dead wants to ${action} ${path}`)
    try {
      return run()
    } catch (cause) {
      throw diskError(cause, action, path)
    }
  }
}

type Act = <T>(action: string, run: () => T) => T

function openFile(path: string, file: SimFile, disk: SimDisk, whileAlive: Act): AppendableFile {
  let isOpen = true
  const act: Act = (action, run) => {
    if (!isOpen) throw new Error(`${path} is closed, and is to be ${action}`)
    return whileAlive(action, run)
  }
  return {
    path,
    sizeBytes: () => act('measure', () => file.sizeBytes),
    read: (into, position) => act('read', () => file.read(into, position)),
    readCold: async (into, position) => act('read', () => file.read(into, position)),
    append: (bytes) =>
      act('write', () => {
        const start = file.sizeBytes
        file.write(bytes, start, disk.nowMs)
        return start
      }),
    write: (bytes, position) => act('write', () => file.write(bytes, position, disk.nowMs)),
    truncate: (sizeBytes) => act('truncate', () => file.truncate(sizeBytes, disk.nowMs)),
    flush: async () => act('flush', () => disk.flushFile(file)),
    close: () => {
      isOpen = false
    },
  }
}
