import type { Reader } from '../bytes/reader.ts'
import type { At, Codec } from './kind.ts'
import type { StructValue } from './struct-value.ts'

/**
 * A struct that may be null has a byte in front: −1 or 1 as an ordinary field, 0 or 1 as a tagged one.
 */
export function nullableStruct(own: Codec<StructValue>, at: At): Codec<StructValue | null> {
  const absent = at.tagged ? 0 : -1
  // Kafka writes 1, and takes any other number that is not negative, or not 0, for it.
  const readPresence = (reader: Reader): boolean => reader.int8() > absent
  return {
    minSizeBytes: 1,
    read: (reader) => (readPresence(reader) ? own.read(reader) : null),
    write(writer, value) {
      writer.int8(value === null ? absent : 1)
      if (value !== null) own.write(writer, value)
    },
    trace(reader, trace, path) {
      trace.enter(path)
      const start = reader.position
      const isPresent = readPresence(reader)
      trace.add(start, reader.position, path, 'presence', isPresent ? 'present' : 'null')
      return isPresent ? own.trace(reader, trace, path) : null
    },
    toJson: (value) => (value === null ? null : own.toJson(value)),
    fromJson: (json, path) => (json === null ? null : own.fromJson(json, path)),
    random: (draw) => (draw() < 0.2 ? null : own.random(draw)),
  }
}
