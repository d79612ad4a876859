import { readFile } from 'node:fs/promises'

const FILE = /[\\/]src[\\/]lib[\\/]protocol[\\/].*\.ts$/
const ABOUT = /\s*\.about\(\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"),?\s*\)/g

/**
 * What definitions say about their fields is for people who read `ktool protocol docs`. A broker would make an object
 * for each, and keep the words in memory, for nobody.
 */
export const withoutAbout = {
  name: 'without-about',
  setup({ onLoad }) {
    onLoad({ filter: FILE }, async ({ path }) => {
      const contents = (await readFile(path, 'utf8')).replaceAll(ABOUT, '')
      if (contents.includes('.about(')) throw new Error(`${path} says .about( in a way that nobody expects`)
      return { contents, loader: 'ts' }
    })
  },
}
