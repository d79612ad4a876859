import { DataError, KtoolError } from '../errors.ts'
import { wrongJson } from '../schema/json.ts'
import type { Json } from '../schema/kind.ts'
import { tagsFromJson } from '../schema/unknown-tags.ts'
import { decodeHex } from './hex.ts'
import { parseJson } from './json-text.ts'
import { decodeWire, encodeWire, trailingFromJson } from './wire-json.ts'
import { apiSubject, headerSubject, recordSubject, type WireSubject } from './wire-subject.ts'

type Line = { [key: string]: Json }

export interface AnsweredLine {
  readonly line: Line
  readonly failure?: KtoolError
}

/** Answers a line that has `hex` with the same line and its `json`. */
export function decodeLine(text: string, lineNumber: number): AnsweredLine {
  return answer(text, lineNumber, (line) => {
    const { body, trailing } = decodeWire(subjectOf(line), hexOf(line))
    const { json: _json, unknownTags: _tags, trailingBytes: _trailing, ...rest } = line
    return {
      ...rest,
      json: body.json,
      ...(body.unknownTags.length === 0 ? {} : { unknownTags: body.unknownTags.map((tag) => ({ ...tag })) }),
      ...(trailing.length === 0 ? {} : { trailingBytes: trailing.toString('base64') }),
    }
  })
}

/** Answers a line that has `json` with the same line and its `hex`. */
export function encodeLine(text: string, lineNumber: number): AnsweredLine {
  return answer(text, lineNumber, (line) => {
    const { json, unknownTags, trailingBytes } = line
    if (json === undefined) throw wrongJson('json', 'there', undefined)
    const body = { json, unknownTags: tagsFromJson(unknownTags) }
    const bytes = encodeWire(subjectOf(line), { body, trailing: trailingFromJson(trailingBytes) })
    return { ...line, hex: bytes.toString('hex') }
  })
}

function answer(text: string, lineNumber: number, work: (line: Line) => Line): AnsweredLine {
  let line: Line = {}
  try {
    const { error: _stale, ...fresh } = parseLine(text)
    line = fresh
    return { line: work(line) }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    const { code, message } = error
    return { line: { ...line, error: { code, message, line: lineNumber } }, failure: error }
  }
}

function parseLine(text: string): Line {
  const json = parseJson(text)
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  throw new DataError('wrong-line', 'a line must be a JSON object that names its layout')
}

function subjectOf(line: Line): WireSubject {
  const version = line.version
  if (typeof version !== 'number') throw wrongJson('version', 'a number', version)
  if (typeof line.api === 'string') return apiSubject(line.api, directionOf(line.type), version)
  if (typeof line.header === 'string') return headerSubject(line.header, version)
  if (typeof line.record === 'string')
    return recordSubject(line.record, version, typeof line.type === 'string' ? line.type : undefined)
  throw new DataError('wrong-line', 'a line names its layout by api, header or record')
}

function directionOf(type: Json | undefined): 'request' | 'response' {
  if (type === 'request' || type === 'response') return type
  throw wrongJson('type', 'request or response', type)
}

function hexOf(line: Line): Buffer {
  if (typeof line.hex !== 'string') throw wrongJson('hex', 'text', line.hex)
  return decodeHex(line.hex)
}
