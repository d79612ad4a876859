/** One range of bytes and what it means. */
export interface TraceEntry {
  readonly start: number
  readonly end: number
  readonly path: string
  readonly type: string
  readonly meaning: string
}

/** Collects what a decoder read where; after a failure `path` names the field that failed. */
export class Trace {
  readonly entries: TraceEntry[] = []
  path = ''

  enter(path: string): void {
    this.path = path
  }

  add(start: number, end: number, path: string, type: string, meaning: string): void {
    this.entries.push({ start, end, path, type, meaning })
  }
}
