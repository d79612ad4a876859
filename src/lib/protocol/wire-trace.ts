import { Reader } from '../bytes/reader.ts'
import { KtoolError } from '../errors.ts'
import type { TraceEntry } from '../schema/trace.ts'
import type { WireSubject } from './wire-subject.ts'

/** A range of bytes with its meaning, as people see it. */
export interface TracedRange {
  readonly start: number
  readonly end: number
  readonly hex: string
  readonly field: string
  readonly type: string
  readonly meaning: string
}

export interface WireTrace {
  readonly ranges: readonly TracedRange[]
  /** Where decoding ended before the bytes did. */
  readonly failures: readonly { readonly item: string; readonly error: KtoolError }[]
}

/** Tells what each byte of a message is; where decoding fails, all bytes before it, and why. */
export function traceWire(subject: WireSubject, bytes: Buffer): WireTrace {
  const reader = new Reader(bytes)
  const ranges: TracedRange[] = []
  const { header } = subject
  const parts =
    header === undefined
      ? [{ ...subject, prefix: '' }]
      : [withPrefix(header, 'header.'), withPrefix(subject, 'body.')]
  for (const { message, version, prefix } of parts) {
    const { trace, failure } = message.trace(reader, version)
    for (const entry of trace.entries) ranges.push(asRange(entry, bytes, prefix))
    if (failure instanceof KtoolError)
      return { ranges, failures: [{ item: `${prefix}${trace.path}`, error: failure }] }
    if (failure !== undefined) throw failure
  }
  if (reader.remaining > 0) ranges.push(asRange(trailing(reader), bytes, ''))
  return { ranges, failures: [] }
}

function withPrefix(subject: WireSubject | NonNullable<WireSubject['header']>, prefix: string) {
  return { message: subject.message, version: subject.version, prefix }
}

/** A trace is for reading: of a long value its beginning is enough. */
const SHOWN_BYTES = 24
const SHOWN_CHARACTERS = 80

function asRange(
  { start, end, path, type, meaning }: TraceEntry,
  bytes: Buffer,
  prefix: string,
): TracedRange {
  const shown = bytes.toString('hex', start, Math.min(end, start + SHOWN_BYTES))
  return {
    start,
    end,
    hex: end - start > SHOWN_BYTES ? `${shown}…` : shown,
    field: `${prefix}${path}`,
    type,
    meaning: meaning.length > SHOWN_CHARACTERS ? `${meaning.slice(0, SHOWN_CHARACTERS)}…` : meaning,
  }
}

function trailing(reader: Reader): TraceEntry {
  const meaning = `${reader.remaining} bytes after the end of the message`
  return { start: reader.position, end: reader.end, path: 'trailingBytes', type: 'bytes', meaning }
}
