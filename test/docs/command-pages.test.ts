import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CommandJson, HelpJson } from '../../src/lib/cli/help-json.ts'
import { runProgram } from '../../src/lib/cli/program.ts'
import { fakeSurroundings } from '../lib/cli/surroundings.ts'
import { byNoun, commandPage, overviewPage } from './command-page.ts'
import { loadProgram, root } from './terminal.ts'

const folder = `${root}docs/commands`
const program = await loadProgram()
const all = await helpOf([])
const nouns = byNoun(all)

describe('the pages of commands', () => {
  it.each([...nouns])('say what --help says: %s', async (noun, commands) => {
    // `npx vitest run test/docs -u` writes the page anew.
    await expect(commandPage(noun, commands)).toMatchFileSnapshot(`${folder}/${noun}.md`)
  })

  it('begin with one that leads to all of them', async () => {
    await expect(overviewPage(nouns)).toMatchFileSnapshot(`${folder}/README.md`)
  })

  it('are those of commands that there are', () => {
    expect(readdirSync(folder).sort()).toEqual([...nouns.keys(), 'README'].map((name) => `${name}.md`).sort())
  })
})

describe('every command', () => {
  it.each(all.map(({ name }) => name))('has examples, and sentences for its flags: %s', (name) => {
    const command = all.find((each) => each.name === name)
    expect(command?.summary).toMatch(/^[A-Z].*[.?]$/s)
    expect(command?.examples.length).toBeGreaterThan(0)
    expect(command?.examples.filter((each) => !each.command.includes('ktool'))).toEqual([])
    expect(
      command?.flags.filter(({ summary }) => !/[.?]$/.test(summary ?? '')).map((flag) => flag.name),
    ).toEqual([])
  })
})

describe('--help-json', () => {
  it('tells of one command, or of all of a noun', async () => {
    expect((await helpOf(['topics', 'list'])).map(({ name }) => name)).toEqual(['topics list'])
    const ofNoun = await helpOf(['topic'])
    expect(ofNoun.map(({ name }) => name)).toEqual(
      all.map(({ name }) => name).filter((name) => name.startsWith('topics ')),
    )
  })
})

async function helpOf(words: readonly string[]): Promise<readonly CommandJson[]> {
  const { surroundings, stdout } = fakeSurroundings({ manifest: () => program.manifest })
  expect(await runProgram(program, [...words, '--help-json'], surroundings)).toBe(0)
  const help = JSON.parse(stdout.text()) as HelpJson
  expect(help.version).toBe(1)
  return help.commands
}
