/** What a folder in a log directory is, by its name. */
export interface PartitionFolderName {
  readonly topic: string
  readonly partition: number
  /** Why the folder is not the partition's own; null for the one in use. */
  readonly aside: Aside | null
}

/** To be deleted, a copy being made for another log directory, or one that the metadata does not know. */
export type Aside = 'delete' | 'future' | 'stray'

const ASIDE = /^(.+)\.[0-9a-f]{32}-(delete|future|stray)$/
const PARTITION = /^(.+)-(\d+)$/
const LARGEST_PARTITION = 2 ** 31 - 1

/**
 * `orders-0`, `orders-0.<32 hex digits>-delete`. A topic's name may hold dashes, so the last one splits; the
 * name of a long topic is cut short where the folder was set aside.
 */
export function parseFolderName(name: string): PartitionFolderName | undefined {
  const [, original = name, aside] = ASIDE.exec(name) ?? []
  const [, topic, digits] = PARTITION.exec(original) ?? []
  const partition = Number(digits)
  if (topic === undefined || !(partition <= LARGEST_PARTITION)) return undefined
  return { topic, partition, aside: (aside as Aside | undefined) ?? null }
}
