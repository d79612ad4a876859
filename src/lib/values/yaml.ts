import { Document, isScalar, LineCounter, parseDocument, Scalar, visit } from 'yaml'
import { DataError } from '../errors.ts'

/** Only double quotes know escapes: a text that will need them can be told to stand in them. */
export function yamlText(value: unknown, isQuoted: (text: string) => boolean = () => false): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && isQuoted(node.value))
      node.type = Scalar.QUOTE_DOUBLE
  })
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY })
}

/** One document that people wrote. `from` says where it stands. */
export function parseYaml(text: string, from: string): unknown {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [problem] = document.errors
  if (problem === undefined) return toValue(document, from)
  const { line, col } = lines.linePos(problem.pos[0])
  throw new DataError(
    'malformed-yaml',
    `${from} is no YAML: line ${line}, column ${col}: ${withoutText(problem.message)}`,
    {
      details: { line, column: col },
    },
  )
}

/** The parser quotes what it stumbles over, and that may be a password. */
function withoutText(message: string): string {
  return message.replace(/: .*$/s, '')
}

/** Aliases can make a few lines unfold to more than memory holds; the parser counts them. */
function toValue(document: Pick<Document, 'toJS'>, from: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    throw new DataError('malformed-yaml', `${from} is no YAML: ${withoutText(cause.message)}`, {
      hint: 'a text that begins with * stands in quotes',
    })
  }
}
