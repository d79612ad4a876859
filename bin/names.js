'use strict'
// Names for the tab key, which waits for nobody: those that were asked for last, out of a file, while another process
// asks the cluster anew. Nothing of the program is loaded for it.
const fs = require('node:fs')
const path = require('node:path')
const { spawn } = require('node:child_process')
const { cacheFolder, hash } = require('./code-cache.js')

/** Older ones lead astray more often than none do. */
const OLDEST_MS = 3_600_000
/** Who presses the key again and again asks once. */
const ASKED_MS = 5000
/** A shell expands what it completes from: nothing that it could take for more than a word. */
const HARMLESS = /^[A-Za-z0-9._:@+=,/-]{1,249}$/

/** One name a line, as far as it is known: `kind` is topics, groups or contexts. */
function namesFor(kind, words, bin) {
  if (kind === 'contexts') return contextNames()
  const folder = cacheFolder()
  if (folder === undefined) return ''
  const flags = clusterFlags(words)
  const file = path.join(folder, `names-${hash(JSON.stringify([flags, placeOf()]))}.json`)
  askAnew(file, flags, bin)
  const known = readNames(file)[kind]
  return linesOf(Array.isArray(known) ? known : [])
}

/** What was typed of the cluster; the rest of the line does not matter. */
function clusterFlags(words) {
  const wanted = ['-b', '--bootstrap', '-c', '--context', '--command-config']
  return words.flatMap((word, i) => {
    if (wanted.includes(word) && words[i + 1] !== undefined) return [word, words[i + 1]]
    return /^--(?:bootstrap|context|command-config)=./.test(word) ? [word] : []
  })
}

/** Which cluster is meant where the line does not say: the contexts change, and their file with them. */
function placeOf() {
  const { KTOOL_BOOTSTRAP, KTOOL_CONTEXT } = process.env
  return [KTOOL_BOOTSTRAP, KTOOL_CONTEXT, statOf(contextsFile())?.mtimeMs]
}

function askAnew(file, flags, bin) {
  const asked = `${file}.asked`
  if (Date.now() - (statOf(asked)?.mtimeMs ?? 0) < ASKED_MS) return
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(asked, '', { mode: 0o600 })
    const argv = [bin, 'completion', 'refresh', file, ...flags]
    spawn(process.execPath, argv, { detached: true, stdio: 'ignore' }).unref()
  } catch {
    // Where nothing can be kept or started, there are no names.
  }
}

function readNames(file) {
  try {
    const stat = statOf(file)
    if (stat === undefined || Date.now() - stat.mtimeMs > OLDEST_MS) return {}
    return JSON.parse(fs.readFileSync(file, 'utf8')) ?? {}
  } catch {
    return {}
  }
}

/** As ktool writes its file: the keys below `contexts`, two blanks in. */
function contextNames() {
  try {
    const text = fs.readFileSync(contextsFile(), 'utf8')
    const [, below = ''] = text.split(/^contexts:\n/m)
    const own = below.split(/^\S/m)[0]
    return linesOf([...own.matchAll(/^ {2}(?! )"?([^":\n]+)"?:/gm)].map((found) => found[1]))
  } catch {
    return ''
  }
}

function contextsFile() {
  const { env, platform } = process
  if (platform === 'win32') return path.join(env.APPDATA ?? '', 'ktool', 'contexts.yaml')
  const own = env.XDG_CONFIG_HOME
  const folder = own && path.isAbsolute(own) ? own : path.join(env.HOME ?? '', '.config')
  return path.join(folder, 'ktool', 'contexts.yaml')
}

function linesOf(names) {
  const harmless = names.filter((name) => typeof name === 'string' && HARMLESS.test(name))
  return harmless.map((name) => `${name}\n`).join('')
}

function statOf(file) {
  return fs.statSync(file, { throwIfNoEntry: false })
}

module.exports = { namesFor }
