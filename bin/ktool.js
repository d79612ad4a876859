#!/usr/bin/env node
'use strict'
// The front door. What needs no program it answers itself; for all else it loads the bundle, together with
// the code that V8 made of it in an earlier run. Written by hand, since every module it loaded would be felt.
// This must run on a Node that is too old for all below: no `node:` before it, no new syntax in this file.
const node = process.versions.node
const release = node.split('.').map(Number)
if (release[0] < 20 || (release[0] === 20 && release[1] < 19)) {
  process.stderr.write(`Error: ktool needs Node 20.19 or newer; this is ${node}\n`)
  process.exit(1)
}

const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
/** The local broker is a program of its own: it stays in memory, and all else starts without it. */
const [ALL_ELSE, BROKER, ABOUT_BROKER] = ['ktool', 'ktool-broker', 'ktool-about-broker']

function say(text) {
  const bytes = Buffer.from(text)
  try {
    const done = fs.writeSync(1, bytes)
    if (done < bytes.length) sayLater(bytes.subarray(done))
  } catch (error) {
    if (error.code === 'EAGAIN') sayLater(bytes)
    else unsaid(error)
  }
}

/** A pipe that is full takes the rest when its reader has come that far, if he does. */
function sayLater(bytes) {
  process.stdout.on('error', unsaid)
  process.stdout.write(bytes)
}

function unsaid(error) {
  if (error.code !== 'EPIPE') fail(`the output cannot be written: ${error.message}`)
}

function fail(message, hint) {
  fs.writeSync(2, `Error: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`)
  process.exitCode = 1
}

function versionLine() {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  return `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`
}

/** The build has left a script for each shell. */
function completionScript(shell) {
  if (!/^[a-z]+$/.test(shell)) return undefined
  try {
    return fs.readFileSync(path.join(root, 'dist', 'completion', shell), 'utf8')
  } catch (_error) {
    return undefined
  }
}

function quickAnswer([first, second, ...rest]) {
  if (first === '--version' || first === '-V') return versionLine()
  if (first === 'completion' && second !== undefined && rest.length === 0) return completionScript(second)
  if (first === '__names' && second !== undefined)
    return require('./names.js').namesFor(second, rest, __filename)
  return undefined
}

function startProgram(argv) {
  const { loadWithCodeCache } = require('./code-cache.js')
  const load = (name) => {
    const bundle = path.join(root, 'dist', `${name}.cjs`)
    if (fs.existsSync(bundle)) return loadWithCodeCache(bundle, require)
    return fail(`ktool is not built: ${bundle} is missing`, 'run `npm run build` first')
  }
  const likely = likelyProgram(argv)
  let program = load(likely)
  // Flags may stand before the command, and a word behind `broker` need not be one: then only a program can tell.
  const isSure = likely === BROKER || (likely === ALL_ELSE && !/^-/.test(argv[0] || ''))
  for (const other of [ALL_ELSE, BROKER, ABOUT_BROKER])
    if (program && !isSure && other !== likely && !program.exports.isPartOf(argv)) program = load(other)
  if (!program) return
  program.exports.main(process).then((code) => {
    program.keepCode()
    process.exit(code)
  })
}

function likelyProgram([first = '', second = '']) {
  if (/^broker:/.test(first) || (first === 'broker' && /^\w/.test(second))) return ABOUT_BROKER
  return first === 'broker' ? BROKER : ALL_ELSE
}

const answer = quickAnswer(process.argv.slice(2))
if (answer === undefined) startProgram(process.argv.slice(2))
else say(answer)
