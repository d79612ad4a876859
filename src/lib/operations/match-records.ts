import { KtoolError, UsageError } from '../errors.ts'
import type { RecordTest } from '../model/record-sink.ts'
import type { RecordCursor } from '../records/record-cursor.ts'
import { LinearPattern } from '../values/linear-pattern.ts'

const HINT =
  'k:TEXT, v:TEXT or h:NAME=TEXT are exactly that; k~TEXT and v~TEXT hold it; v:/RE/ is a pattern; k, v and h:NAME are there; ! before it says no'
const SHAPE = /^(!?)(?:([kv])(?:([:=~])([\s\S]*))?|h:([^=~]+)(?:([=~])([\s\S]*))?)$/

/** Tests bytes that may be null. */
type BytesTest = (bytes: Buffer | null) => boolean

/** `k:42`, `v~timeout`, `v:/^\{.*"ok":true/`, `h:source=web`, `!h:retry`: all of them have to hold. */
export function parseMatches(texts: readonly string[] | undefined): RecordTest | undefined {
  if (texts === undefined || texts.length === 0) return undefined
  const tests = texts.map(parseMatch)
  return (cursor) => tests.every((test) => test(cursor))
}

function parseMatch(text: string): RecordTest {
  const [, not, field, operator, wanted, header, headerOperator, headerWanted] = SHAPE.exec(text) ?? []
  if (not === undefined) throw invalid(text)
  const holds =
    field === undefined
      ? headerTest(header ?? '', bytesTest(headerOperator, headerWanted, text))
      : fieldTest(field, bytesTest(operator, wanted, text))
  return not === '' ? holds : (cursor) => !holds(cursor)
}

function fieldTest(field: string, test: BytesTest): RecordTest {
  return field === 'k' ? ({ key }) => test(key) : ({ value }) => test(value)
}

/** A name may come more than once: one of them is enough. */
function headerTest(name: string, test: BytesTest): RecordTest {
  const bytes = Buffer.from(name)
  const ofHeader = name.length > 0 && test
  if (ofHeader === false) throw invalid(`h:${name}`)
  return (cursor: RecordCursor) =>
    cursor.headerCount > 0 && cursor.headers().some(({ key, value }) => key.equals(bytes) && ofHeader(value))
}

function bytesTest(operator: string | undefined, wanted: string | undefined, text: string): BytesTest {
  if (operator === undefined || wanted === undefined) return (bytes) => bytes !== null
  const pattern = operator === '~' ? null : /^\/([\s\S]*)\/(i?)$/.exec(wanted)
  if (pattern !== null) return patternTest(pattern[1] ?? '', pattern[2] === 'i', text)
  const plain = Buffer.from(wanted)
  if (operator === '~') return (bytes) => bytes?.includes(plain) === true
  return (bytes) => bytes?.equals(plain) === true
}

/** Anywhere in it, as grep has it. What is matched comes from strangers, so it takes linear time. */
function patternTest(source: string, isAnyCase: boolean, text: string): BytesTest {
  try {
    const flags = isAnyCase ? '(?i)' : ''
    const pattern = new LinearPattern(`(?s:.*)(?:${flags}${source})(?s:.*)`)
    return (bytes) => bytes !== null && pattern.matches(bytes.toString('utf8'))
  } catch (error) {
    if (error instanceof KtoolError)
      throw new UsageError('invalid-match', `"${text}": ${error.message}`, { hint: HINT })
    throw error
  }
}

function invalid(text: string): UsageError {
  return new UsageError('invalid-match', `"${text}" is no match`, { hint: HINT })
}
