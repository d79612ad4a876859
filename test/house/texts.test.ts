import { describe, expect, it } from 'vitest'
import { findLines, machinePaths, namedCommands, registryHosts, unfinished } from './texts.ts'

describe('the search for words that do not belong', () => {
  it.each([
    [machinePaths, ['', 'home', 'someone', 'ktool'].join('/')],
    [machinePaths, ` ${['', 'root', '.m2'].join('/')}`],
    [registryHosts, `https://${['registry', 'npmjs', 'org'].join('.')}/x`],
    [registryHosts, `<${'repository'}>`],
    [unfinished, `${'it'}.skip('later')`],
    [unfinished, `// ${'TO'}DO later`],
  ])('%s finds %s', (pattern, line) => {
    expect(findLines([{ path: 'a', text: `one\n${line}` }], pattern)).toHaveLength(1)
  })

  it.each([
    [machinePaths, 'src/home/file and https://example.org/home/x'],
    [registryHosts, 'http://maven.apache.org/POM/4.0.0'],
    [unfinished, 'it.each([1])'],
  ])('%s passes %s', (pattern, line) => {
    expect(findLines([{ path: 'a', text: line }], pattern)).toEqual([])
  })

  it('reads the commands on a page', () => {
    const page = '    ktool protocol errors 3\n    $ ktool lag --group a\ntext with ktool words\n'
    expect(namedCommands(page)).toEqual([['protocol', 'errors'], ['lag']])
  })
})
