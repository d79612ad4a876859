import { basename, dirname } from 'node:path'
import type { Disk } from '../../src/lib/ports/disk.ts'
import { type Meddle, MountedDisk } from './mounted-disk.ts'
import type { SimClock } from './sim-clock.ts'
import { SimFile } from './sim-file.ts'
import { NameJournal, SimFolder, type SimNode } from './sim-folder.ts'
import type { SimRandom } from './sim-random.ts'

interface Slowness {
  readonly leastMs: number
  readonly mostMs: number
}

const FLUSH: Slowness = { leastMs: 0.2, mostMs: 4 }

/**
 * How file systems keep names: by one journal, in which the flush of a folder makes safe all that was done before in
 * any other, or, as POSIX has it, each folder for itself.
 */
export type NameOrder = 'one journal' | 'by folder'

/**
 * A disk that outlives the programs on it, and forgets what was not flushed when the power goes. Each folder of the
 * root is a disk of its own, which keeps more or less than the others.
 */
export class SimDisk {
  readonly #clock: SimClock
  readonly #random: SimRandom
  readonly #order: NameOrder
  readonly #root = new SimFolder(new NameJournal())
  readonly #journals = new Set<NameJournal>()

  constructor(clock: SimClock, random: SimRandom, order: NameOrder = 'one journal') {
    this.#clock = clock
    this.#random = random
    this.#order = order
  }

  /** As one program sees it; once that is dead, nothing it still tries does anything. */
  mount(isDead: () => boolean, meddle: Meddle = () => {}): Disk {
    return new MountedDisk(this, isDead, meddle)
  }

  losePower(): void {
    for (const journal of this.#journals) journal.losePower(this.#random)
    this.#root.losePower(this.#random)
  }

  get(path: string): SimNode | undefined {
    const names = path.split('/').filter((name) => name !== '')
    let node: SimNode | undefined = this.#root
    for (const name of names) node = node instanceof SimFolder ? node.names.get(name) : undefined
    return node
  }

  file(path: string): SimFile {
    const node = this.get(path)
    if (node === undefined) throw refused('ENOENT')
    if (node instanceof SimFolder) throw refused('EISDIR')
    return node
  }

  folder(path: string): SimFolder {
    const node = this.get(path)
    if (node === undefined) throw refused('ENOENT')
    if (node instanceof SimFolder) return node
    throw refused('ENOTDIR')
  }

  create(path: string): SimFile {
    const file = new SimFile(this.#clock.nowMs())
    this.folder(dirname(path)).set(basename(path), file)
    return file
  }

  makeFolder(path: string): void {
    if (this.get(path) instanceof SimFolder) return
    this.makeFolder(dirname(path))
    const parent = this.folder(dirname(path))
    const isDisk = parent === this.#root
    const journal = isDisk || this.#order === 'by folder' ? this.#newJournal() : parent.journal
    parent.set(basename(path), new SimFolder(journal), isDisk ? journal : parent.journal)
  }

  rename(from: string, to: string): void {
    if (this.get(from) === undefined) throw refused('ENOENT')
    if (dirname(from) !== dirname(to)) throw refused('EXDEV')
    const there = this.get(to)
    if (there instanceof SimFolder && there.names.size > 0) throw refused('ENOTEMPTY')
    this.folder(dirname(from)).rename(basename(from), basename(to))
  }

  remove(path: string): void {
    if (this.get(path) === undefined) throw refused('ENOENT')
    this.folder(dirname(path)).delete(basename(path))
  }

  async flushFolder(path: string): Promise<void> {
    const { journal } = this.folder(path)
    const { changes } = journal
    await this.#flushTime()
    journal.makeSafe(changes)
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

  #newJournal(): NameJournal {
    const journal = new NameJournal()
    this.#journals.add(journal)
    return journal
  }
}

function refused(code: string): Error {
  return Object.assign(new Error(code), { code })
}
