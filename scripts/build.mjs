// Builds dist/: the program, its screens and kafkajs as files of their own, what help knows of it, the completion scripts, and the
// licences of what is inside.
// `tsc` only checks types; nothing that runs comes from it.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, packagesIn } from './build/bundle.mjs'
import { describingEntry, programEntries } from './build/entry.mjs'
import { kafkajs } from './build/kafkajs.mjs'
import { library } from './build/library.mjs'
import { licencesOf } from './build/licences.mjs'
import { screens } from './build/screens.mjs'
import { withoutAbout } from './build/without-about.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What stays in memory for as long as a broker runs: its text does too, so that it is worth being short. */
const resident = { plugins: [withoutAbout], minifyIdentifiers: true }

const started = performance.now()
const { manifest, index, completions } = await describe()
const packages = new Set()
for (const [name, entry] of Object.entries(programEntries(root, { about, index }))) {
  const program = await bundle(root, about, entry, name === 'ktool-broker.cjs' ? resident : {})
  const header = `/* ktool ${hashOf(program.code)} ${index.map(([typed]) => typed).join(' ')} */`
  write(`dist/${name}`, `${header}${program.code}`)
  addAll(program.packages)
}
write('dist/manifest.json', JSON.stringify(manifest))
for (const [name, text] of Object.entries(await library(root, about))) write(`dist/${name}`, text)
for (const [name, part] of Object.entries({
  'screens.mjs': await screens(root),
  'kafkajs.cjs': await kafkajs(root),
})) {
  write(`dist/${name}`, part.code)
  addAll(packagesIn(part.metafile))
}
write('dist/licences.txt', licencesOf(root, [...packages].sort()))
for (const [shell, script] of Object.entries(completions)) write(`dist/completion/${shell}`, script)
console.log(`built dist/ with ${manifest.length} commands in ${Math.round(performance.now() - started)} ms`)

function addAll(names) {
  for (const name of names) packages.add(name)
}

/** Help and completion are made from the commands themselves, which must be bundled to be asked. */
async function describe() {
  const { code } = await bundle(root, about, describingEntry(root))
  const file = join(root, '.cache/build/describe.cjs')
  write(
    '.cache/build/describe.cjs',
    `module.exports = {};${code}(module.exports, require, module, __filename, __dirname)`,
  )
  return createRequire(import.meta.url)(file).describe(about)
}

/** Names the code cache of this build. */
function hashOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Whoever runs ktool meanwhile gets the old file or the new one. */
function write(path, text) {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, text)
  renameSync(`${file}.${process.pid}`, file)
}
