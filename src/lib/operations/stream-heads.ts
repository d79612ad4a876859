import type { RecordStream } from './record-stream.ts'

/** A heap: the stream whose record is the oldest is on top. */
export class StreamHeads {
  readonly #streams: RecordStream[] = []

  push(stream: RecordStream): void {
    const streams = this.#streams
    let at = streams.push(stream) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(stream, streams[above])) break
      streams[at] = streams[above] as RecordStream
      at = above
    }
    streams[at] = stream
  }

  pop(): RecordStream | undefined {
    const streams = this.#streams
    const [top] = streams
    const last = streams.pop()
    if (last === undefined || last === top) return top
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= streams.length) break
      const right = streams[left + 1]
      const below = right !== undefined && isBefore(right, streams[left]) ? left + 1 : left
      if (!isBefore(streams[below] as RecordStream, last)) break
      streams[at] = streams[below] as RecordStream
      at = below
    }
    streams[at] = last
    return top
  }
}

function isBefore(stream: RecordStream, other: RecordStream | undefined): boolean {
  if (other === undefined) return false
  const [timestamp, partition] = stream.order
  const [otherTimestamp, otherPartition] = other.order
  return timestamp === otherTimestamp ? partition < otherPartition : timestamp < otherTimestamp
}
