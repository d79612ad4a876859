/** One property, with the line on which it begins. */
export interface Property {
  readonly key: string
  readonly value: string
  readonly line: number
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }
/** A key ends at the first blank, `=` or `:` that no backslash protects. */
const ENTRY = /^((?:\\.|[^\\\s=:])*)[ \t\f]*(?:[=:][ \t\f]*)?(.*)$/s

/** The lines of a file that `java.util.Properties` reads, in their order: a key may come twice. */
export function parseProperties(text: string): Property[] {
  return logicalLines(text).map(({ content, line }) => {
    const [, key = '', value = ''] = ENTRY.exec(content) ?? []
    return { key: unescaped(key), value: unescaped(value), line }
  })
}

interface LogicalLine {
  readonly content: string
  readonly line: number
}

/** A line that ends in an odd number of backslashes goes on with the next, without the blanks before it. */
function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = []
  let open: LogicalLine | undefined
  for (const [i, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const content = raw.replace(/^[ \t\f]+/, '')
    if (open === undefined && (content === '' || /^[#!]/.test(content))) continue
    const whole: LogicalLine = { content: (open?.content ?? '') + content, line: open?.line ?? i + 1 }
    open = goesOn(content) ? { ...whole, content: whole.content.slice(0, -1) } : undefined
    if (open === undefined) lines.push(whole)
  }
  return open === undefined ? lines : [...lines, open]
}

function goesOn(content: string): boolean {
  return (/\\+$/.exec(content)?.[0].length ?? 0) % 2 === 1
}

/** Java refuses a broken `\u`; here it stands for what is written. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.)|$)/gs, (_, hex?: string, char?: string) =>
    hex === undefined ? (ESCAPES[char ?? ''] ?? char ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
