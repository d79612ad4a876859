import { KtoolError } from '../../errors.ts'
import type { Unread } from '../../model/views.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectory } from '../log-directory.ts'
import type { MetadataImage } from './metadata-image.ts'
import { metadataTopic } from './metadata-log.ts'
import { type Copy, topicIdOf } from './partition-copies.ts'
import type { Warnings } from './warnings.ts'

/** The folders of all directories, by topic and partition. */
export class FolderTable {
  readonly #disk: ReadableDisk
  readonly #image: MetadataImage | null
  readonly #warnings: Warnings
  readonly #unread: Unread[] = []
  readonly #folders = new Map<string, Map<number, Copy[]>>()
  readonly #current = new Map<string, readonly Copy[]>()

  constructor(
    disk: ReadableDisk,
    directories: readonly LogDirectory[],
    image: MetadataImage | null,
    warnings: Warnings,
  ) {
    this.#disk = disk
    this.#image = image
    this.#warnings = warnings
    for (const directory of directories) {
      for (const named of directory.partitions) {
        if (named.topic !== metadataTopic) this.#add({ named, directory })
        if (named.aside === 'stray') warnings.add(stray(named.path))
      }
    }
  }

  topics(): string[] {
    return [...this.#folders]
      .filter(([, partitions]) => [...partitions.values()].flat().some(isInUse))
      .map(([topic]) => topic)
      .sort()
  }

  numbers(topic: string): number[] {
    return [...(this.#folders.get(topic)?.keys() ?? [])].sort((a, b) => a - b)
  }

  copies(topic: string, partition: number): readonly Copy[] {
    return this.#folders.get(topic)?.get(partition) ?? []
  }

  /** Those that may be chosen: in use, and not left over from an earlier topic of the same name. */
  current(topic: string, partition: number): readonly Copy[] {
    const key = `${topic}-${partition}`
    const known = this.#current.get(key)
    if (known !== undefined) return known
    const topicId = this.#image?.topics.get(topic)?.topicId
    const closed: Unread[] = []
    const current = this.copies(topic, partition).filter(
      (copy) => isInUse(copy) && this.#canBeListed(copy, closed) && this.#isOf(copy, topicId),
    )
    // Where another copy is, nothing is missing in the answer.
    if (current.length === 0) this.#unread.push(...closed)
    else for (const { error } of closed) this.#warnings.add(leftOut(error))
    this.#current.set(key, current)
    return current
  }

  /** Folders that may not be looked into, of partitions that were asked for. */
  get unread(): readonly Unread[] {
    return this.#unread
  }

  /** It may be somebody else's, or a live broker has just set it aside. */
  #canBeListed({ named }: Copy, closed: Unread[]): boolean {
    try {
      this.#disk.list(named.path)
      return true
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      if (cause.code === 'file-not-found') this.#warnings.add(leftOut(cause))
      else closed.push({ item: named.path, error: cause })
      return false
    }
  }

  #isOf({ named }: Copy, topicId: string | undefined): boolean {
    if (topicId === undefined) return true
    const own = topicIdOf(this.#disk, named.path)
    if (own === null || own === topicId) return true
    this.#warnings.add(
      `${named.path} is of an earlier topic of that name (its id is ${own}, that of ${named.topic} now ${topicId}): left out`,
    )
    return false
  }

  #add(copy: Copy): void {
    const { topic, partition } = copy.named
    const ofTopic = this.#folders.get(topic) ?? new Map<number, Copy[]>()
    const copies = ofTopic.get(partition) ?? []
    copies.push(copy)
    ofTopic.set(partition, copies)
    this.#folders.set(topic, ofTopic)
  }
}

function isInUse({ named }: Copy): boolean {
  return named.aside === null
}

function leftOut({ message }: KtoolError): string {
  return `${message}: left out`
}

function stray(path: string): string {
  return `${path} was set aside by a broker as stray, since the metadata did not know it: left out`
}
