/** A page whose indented blocks show commands, `    $ ktool …`, each with what it prints below it. */
export interface Part {
  /** The line of text, or the command without its `$`. */
  readonly line: string
  readonly isCommand: boolean
  /** What is shown below a command. */
  readonly output: readonly string[]
}

const COMMAND = '    $ '
const BLOCK = '    '
/** Stands for lines that the page leaves out. */
const LEFT_OUT = '…'

export function partsOf(page: string): Part[] {
  const lines = page.split('\n')
  const parts: Part[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? ''
    const isCommand = line.startsWith(COMMAND)
    const end = isCommand ? endOfOutput(lines, at + 1) : at + 1
    const output = lines.slice(at + 1, end).map((each) => each.slice(BLOCK.length))
    parts.push({ line: isCommand ? line.slice(COMMAND.length) : line, isCommand, output })
    at = end
  }
  return parts
}

export function pageOf(parts: readonly Part[]): string {
  return parts
    .flatMap(({ line, isCommand, output }) =>
      isCommand ? [COMMAND + line, ...output.map((each) => (each === '' ? '' : BLOCK + each))] : [line],
    )
    .join('\n')
}

/** A blank line belongs to the output if the block goes on behind it with more of it. */
function endOfOutput(lines: readonly string[], from: number): number {
  let end = from
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line !== '' && (!line.startsWith(BLOCK) || line.startsWith(COMMAND))) break
    if (line !== '') end = at + 1
  }
  return end
}

/** What to show: the lines there are, unless those on the page are the same with some of them left out. */
export function outputToShow(actual: readonly string[], shown: readonly string[]): readonly string[] {
  const pattern = shown
    .map((line) => (line === LEFT_OUT ? '(?:.*\n)+' : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\n`))
    .join('')
  const text = actual.map((line) => `${line}\n`).join('')
  return new RegExp(`^${pattern}$`).test(text) ? shown : actual
}

/** The words of a simple command. Only quotes are special here: what needs more of a shell is not shown with `$`. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  )
}
