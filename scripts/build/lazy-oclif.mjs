// oclif loads all of itself to run one command. In the bundle each of its modules is loaded when it is first
// used, which takes a quarter off the start of every command. An oclif that is compiled in another way than
// this expects stops the build.
import { readFile } from 'node:fs/promises'

const OCLIF_FILES = /@oclif[\\/]core[\\/]lib[\\/].*\.js$/
const REQUIRE = /^const (\w+_\d+) = (.*\brequire\("[^"]+"\)\)*);$/gm

const edits = [
  {
    // Collating by locale loads ICU: 6 ms, to sort names of plain letters.
    file: /config[\\/]plugin\.js$/,
    from: '.sort((a, b) => a.id.localeCompare(b.id))',
    to: '.sort((a, b) => (a.id < b.id ? -1 : 1))',
  },
  {
    // Touching process.stdout makes its stream: 2 ms. ktool watches its output itself.
    file: /lib[\\/]command\.js$/,
    from: /process\.stdout\.on\('error', \(err\) => \{[\s\S]*?\n\}\);\n/,
    to: '',
  },
]

export function lazyOclif() {
  return {
    name: 'lazy-oclif',
    setup(build) {
      const applied = new Set()
      build.onLoad({ filter: OCLIF_FILES }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        return { contents: makeLazy(edit(source, path, applied)), loader: 'js' }
      })
      build.onEnd(({ errors }) => {
        if (errors.length > 0) return
        const missed = edits.filter((each) => !applied.has(each))
        if (missed.length > 0)
          throw new Error(`oclif has changed; nothing matches ${missed.map(({ from }) => from)}`)
      })
    },
  }
}

function edit(source, path, applied) {
  return edits.reduce((text, each) => {
    if (!each.file.test(path)) return text
    const edited = text.replace(each.from, each.to)
    if (edited !== text) applied.add(each)
    return edited
  }, source)
}

/** `const a_1 = require("a")` and its uses `a_1.b` become a function that loads once, and `(a_1$()).b`. */
function makeLazy(source) {
  const names = []
  const declared = source.replace(REQUIRE, (_, name, load) => {
    names.push(name)
    return `let ${name}$loaded; function ${name}$() { return (${name}$loaded ??= ${load}); }`
  })
  return names.reduce(
    (text, name) => text.replaceAll(new RegExp(`\\b${name}\\.`, 'g'), `(${name}$()).`),
    declared,
  )
}
