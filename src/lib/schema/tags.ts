import type { Reader } from '../bytes/reader.ts'
import { Writer } from '../bytes/writer.ts'
import { DataError } from '../errors.ts'
import type { UnknownTag } from './field.ts'

/** A tagged field on its way to the wire: its content is written before its size is known. */
export interface TagToWrite {
  readonly tag: number
  write(writer: Writer): void
}

/** KIP-482: a count, then of each tag in ascending order its number, its size and its bytes. */
export function writeTags(writer: Writer, known: TagToWrite[], unknown: readonly UnknownTag[]): void {
  const total = known.length + unknown.length
  writer.uvarint(total)
  if (total === 0) return
  const all: TagToWrite[] = [
    ...known,
    ...unknown.map(({ tag, data }) => ({ tag, write: (w: Writer) => w.raw(data) })),
  ]
  all.sort((a, b) => a.tag - b.tag)
  const content = new Writer(64)
  all.forEach((entry, i) => {
    if (all[i - 1]?.tag === entry.tag) throw new DataError('duplicate-tag', `tag ${entry.tag} is there twice`)
    content.position = 0
    entry.write(content)
    writer.uvarint(entry.tag)
    writer.uvarint(content.position)
    writer.raw(content.written())
  })
}

/**
 * Hands each tagged field to `visit` with a reader that ends where the field ends. As in Kafka a tag may come again,
 * and a count that is too large for an int32 counts nothing.
 */
export function readTags(reader: Reader, visit: (tag: number, content: Reader) => void): void {
  const count = reader.uvarint() | 0
  if (count > reader.remaining / 2) throw reader.truncated(count * 2)
  for (let i = 0; i < count; i++) {
    const tag = reader.uvarint()
    const size = reader.uvarint()
    const start = reader.take(size)
    visit(tag, reader.within(start, start + size))
  }
}

/** A known field that is shorter than its size says would shift everything after it in Kafka's own reader. */
export function mustBeAtEnd(content: Reader, tag: number): void {
  if (content.remaining === 0) return
  const at = content.position
  const message = `tag ${tag} has ${content.remaining} bytes too many at byte ${at}`
  throw new DataError('tag-size-mismatch', message, { details: { position: at, tag } })
}
