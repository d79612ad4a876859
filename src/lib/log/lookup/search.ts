import type { ReadableDisk } from '../../ports/disk.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import type { FoundRecord, Lookup, SearchStep } from './found-record.ts'
import { OpenSegment } from './open-segment.ts'

/** A search through the segments of a partition: keeps what it did and what it came upon. */
export class Search {
  readonly folder: PartitionFolder
  readonly steps: SearchStep[] = []
  readonly remarks = new Set<string>()
  readonly damages = new Set<string>()
  readonly #disk: ReadableDisk

  constructor(disk: ReadableDisk, folder: PartitionFolder) {
    this.#disk = disk
    this.folder = folder
  }

  /** Opens a segment for as long as it takes. */
  in<T>(segment: Segment, search: (open: OpenSegment) => T): T {
    const open = this.open(segment)
    try {
      return search(open)
    } finally {
      this.close(open)
    }
  }

  open(segment: Segment): OpenSegment {
    return new OpenSegment(this.#disk, this.folder, segment)
  }

  close(open: OpenSegment): void {
    open.close()
    for (const remark of open.remarks) this.remarks.add(remark)
    for (const damage of open.damages) this.damages.add(damage)
  }

  step(open: OpenSegment, step: Omit<SearchStep, 'file'>): void {
    this.steps.push({ file: open.segment.log.name, ...step })
  }

  answer(found: FoundRecord): Lookup {
    return { found, reason: null, ...this.#path() }
  }

  noAnswer(reason: string): Lookup {
    return { found: null, reason, ...this.#path() }
  }

  #path(): Pick<Lookup, 'steps' | 'remarks' | 'damages'> {
    return { steps: this.steps, remarks: [...this.remarks], damages: [...this.damages] }
  }
}
