import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { chooseMetadata } from '../cluster/choose-metadata.ts'
import { configsOf, type MetadataImage } from '../cluster/metadata-image.ts'
import type { LogDirectory } from '../log-directory.ts'

const TOPIC_KEY = 'index.interval.bytes'
const BROKER_KEY = 'log.index.interval.bytes'

/**
 * How far apart index entries are, as far as the metadata log of the same directory says it: the indexes of a
 * partition alone show it only to within a batch.
 */
export class TopicIntervals {
  readonly #disk: ReadableDisk
  readonly #images = new Map<string, MetadataImage | null>()

  constructor(disk: ReadableDisk) {
    this.#disk = disk
  }

  /** Undefined where nobody has set it, and where nothing tells. */
  of(directory: LogDirectory | null, topic: string | undefined): number | undefined {
    const image = directory === null ? null : this.#imageOf(directory)
    if (image === null || topic === undefined) return undefined
    const broker = String(directory?.meta.value?.nodeId ?? '')
    const said =
      configsOf(image, 'topic', topic).get(TOPIC_KEY) ??
      configsOf(image, 'broker', broker).get(BROKER_KEY) ??
      configsOf(image, 'broker', '').get(BROKER_KEY)
    const bytes = Number(said)
    return said !== undefined && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined
  }

  #imageOf(directory: LogDirectory): MetadataImage | null {
    const known = this.#images.get(directory.path)
    if (known !== undefined) return known
    const image = this.#read(directory)
    this.#images.set(directory.path, image)
    return image
  }

  /** What is wrong with it is told where it is verified itself. */
  #read(directory: LogDirectory): MetadataImage | null {
    try {
      return chooseMetadata(this.#disk, [directory]).image
    } catch (cause) {
      if (cause instanceof KtoolError) return null
      throw cause
    }
  }
}
