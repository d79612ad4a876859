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
 * Hands each tagged field to `visit`, which reads it. As in Kafka a tag may come again, a count that is too large for an
 * int32 counts nothing, and of a known field nobody looks at the size: it ends where its value does.
 */
export function readTags(reader: Reader, visit: (tag: number, sizeBytes: number) => void): void {
  const count = reader.uvarint() | 0
  if (count > reader.remaining / 2) throw reader.truncated(count * 2)
  for (let i = 0; i < count; i++) visit(reader.uvarint(), reader.uvarint())
}
