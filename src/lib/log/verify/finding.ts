import type { Int64 } from '../../bytes/int64.ts'

/**
 * info: normal after an unclean stop. warning: a broker would change or rebuild something, or work with it as it
 * is, though it is wrong. error: records are lost or cannot be read, or the broker does not start.
 */
export type Severity = 'info' | 'warning' | 'error'

/** Something in a partition's folder that is not as a broker leaves it. */
export interface Finding {
  /** A name in the folder, or beside it. */
  readonly file: string
  readonly position: number | null
  readonly offset: Int64 | null
  readonly code: string
  readonly severity: Severity
  /** A sentence about the file. */
  readonly reason: string
}

/** With what each kind of start does about it. */
export interface JudgedFinding extends Finding {
  readonly onCleanStart: string
  readonly onUncleanStart: string
}

/** More of one kind in one file say nothing new. */
const MOST_OF_A_KIND = 100

/** File by file, each from its start on. */
function inOrder(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return (a.position ?? -1) - (b.position ?? -1)
}

export class Findings {
  readonly all: Finding[] = []
  readonly #counts = new Map<string, number>()

  inOrder(): Finding[] {
    return [...this.all].sort(inOrder)
  }

  add(
    file: string,
    code: string,
    severity: Severity,
    reason: string,
    place: { position?: number; offset?: Int64 } = {},
  ): void {
    const key = `${file} ${code}`
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    if (count > MOST_OF_A_KIND) return
    const last = count === MOST_OF_A_KIND ? '; more of this kind in this file are not listed' : ''
    const { position = null, offset = null } = place
    this.all.push({ file, position, offset, code, severity, reason: `${reason}${last}` })
  }
}
