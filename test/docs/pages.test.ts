import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { outputToShow, type Part, pageOf, partsOf, wordsOf } from './page.ts'
import { loadProgram, onTerminal, root } from './terminal.ts'

const program = await loadProgram()
const pages = ['README.md', ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
)

afterEach(() => process.chdir(root))

describe('a page', () => {
  it.each(pages)('shows what its commands print: %s', async (path) => {
    process.chdir(root)
    const parts: Part[] = []
    let code: number | undefined
    for (const part of partsOf(readFileSync(root + path, 'utf8'))) {
      if (!part.isCommand) parts.push(part)
      else {
        const done = await perform(part.line, code)
        code = done.code
        parts.push({ ...part, output: outputToShow(done.lines, part.output) })
      }
    }
    // `npx vitest run test/docs -u` writes the page anew.
    await expect(pageOf(parts)).toMatchFileSnapshot(root + path)
  })
})

async function perform(
  line: string,
  previous: number | undefined,
): Promise<{ code?: number; lines: string[] }> {
  const [command, ...words] = wordsOf(line)
  if (command === 'cd') {
    process.chdir(words[0] ?? root)
    return { lines: [] }
  }
  if (line === 'echo $?') return { code: 0, lines: [String(previous)] }
  expect(command).toBe('ktool')
  return onTerminal(program, words)
}
