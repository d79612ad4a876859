import { DataError } from '../../errors.ts'

/** The lines of one of Kafka's small text files, which Java reads: any of \n, \r\n and \r ends one. */
export function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/**
 * A checkpoint: a line with the version 0, one with the number of entries, and an entry a line.
 * An empty file is one without entries. What a broker would refuse, this refuses too.
 */
export function checkpointEntries(bytes: Buffer, fields: number): string[][] {
  const lines = linesOf(bytes)
  const [version, count, ...rest] = lines
  if (version === undefined) return []
  if (version.trim() !== '0') throw malformed(1, `the version is ${quoted(version)}, not 0`)
  if (count === undefined || !/^[+-]?\d+$/.test(count)) {
    throw malformed(2, `the number of entries is ${quoted(count ?? '')}`)
  }
  const entries = rest.map((line, i) => entryOf(line, i + 3, fields))
  if (entries.length !== Number(count)) {
    throw malformed(2, `${Number(count)} entries are announced, ${entries.length} are there`)
  }
  return entries
}

/** Java's Integer and Long take a sign. */
export function wholeNumber(text: string | undefined, line: number, name: string): bigint {
  if (text !== undefined && /^[+-]?\d+$/.test(text)) return BigInt(text.replace(/^\+/, ''))
  throw malformed(line, `the ${name} is ${quoted(text ?? '')}`)
}

export function malformed(line: number, finding: string): DataError {
  return new DataError('corrupt-checkpoint', `line ${line}: ${finding}`, { details: { line } })
}

function entryOf(text: string, line: number, fields: number): string[] {
  const parts = text.split(/\s+/)
  if (parts.length !== fields) throw malformed(line, `${quoted(text)} has not ${fields} fields`)
  return parts
}

/** Enough to recognise it; the file may hold anything. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
