'use strict'
// Compiling the bundle takes longer than most commands run. V8 can give out what it has compiled; taken after
// a run, this holds the functions that the run has used. It is kept in the user's cache folder, and as it is
// executable code, only a file that nobody else could have written is used.
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const vm = require('node:vm')

/** What the build writes in front of the bundle: its hash, and every way to type a command. */
const HEADER = /^\/\* ktool ([0-9a-f]{16}) ([a-z0-9:\- ]*) \*\//
const MAGIC = 'ktool code 1\n'
/** Magic, and the CRC-32 of the rest. */
const HEADER_BYTES = MAGIC.length + 4
/** Nobody needs the code of versions that were not run for so long. */
const KEPT_MS = 30 * 86_400_000
const OTHERS_MAY_WRITE = 0o022

/** Loads the bundle, and says how to keep its code once it has run. */
function loadWithCodeCache(bundle, require) {
  const source = fs.readFileSync(bundle, 'latin1')
  const file = cacheFile(bundle, source)
  const cachedData = file === undefined ? undefined : readCode(file)
  const script = new vm.Script(source, { filename: bundle, cachedData })
  const module = { exports: {} }
  const folder = path.dirname(bundle)
  // Code from a cache has forgotten who is to import for it: that is done here.
  const importBeside = (name) => import(pathToFileURL(path.join(folder, name)).href)
  script.runInThisContext()(module.exports, require, module, bundle, folder, importBeside)
  const isFresh = cachedData !== undefined && script.cachedDataRejected !== true
  return {
    exports: module.exports,
    keepCode() {
      if (file !== undefined && !isFresh) writeCode(file, script.createCachedData())
    },
  }
}

/** One file for each build, where it is, Node, its flags, and command: another command runs other code. */
function cacheFile(bundle, source) {
  const folder = cacheFolder()
  const [, build, names] = HEADER.exec(source) ?? []
  if (folder === undefined || build === undefined) return undefined
  const place = hash(`${bundle} ${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`)
  const command = commandName(process.argv.slice(2, 5), names.split(' '))
  return path.join(folder, `${build}-${process.version}-${process.arch}-${place}-${command}.code`)
}

/** The longest row of words that is a command; help and mistakes share one name. */
function commandName(words, names) {
  for (let count = words.length; count > 0; count--) {
    if (names.includes(words.slice(0, count).join(':'))) return words.slice(0, count).join('-')
  }
  return 'other'
}

function cacheFolder() {
  const { env, platform } = process
  const home = env.HOME
  if (platform === 'win32') return env.LOCALAPPDATA && path.join(env.LOCALAPPDATA, 'ktool', 'cache')
  // A relative one is to be ignored, says the XDG specification.
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'ktool')
  if (!home) return undefined
  return path.join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'ktool')
}

/** Nothing where there is none, or none to be trusted. V8 itself would run a damaged file, for ever perhaps. */
function readCode(file) {
  let descriptor
  try {
    if (!isOurs(fs.lstatSync(path.dirname(file)))) return undefined
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0))
    if (!isOurs(fs.fstatSync(descriptor))) return undefined
    const bytes = fs.readFileSync(descriptor)
    const code = bytes.subarray(HEADER_BYTES)
    return bytes.length > HEADER_BYTES && bytes.subarray(0, HEADER_BYTES).equals(headerOf(code))
      ? code
      : undefined
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor)
  }
}

/** Whole or not at all, whoever else writes the same; a folder that cannot be written is no reason to fail. */
function writeCode(file, code) {
  const folder = path.dirname(file)
  const unfinished = `${file}.${process.pid}`
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isOurs(fs.lstatSync(folder))) return
    fs.writeFileSync(unfinished, Buffer.concat([headerOf(code), code]), { flag: 'wx', mode: 0o600 })
    fs.renameSync(unfinished, file)
    removeOld(folder)
  } catch {
    remove(unfinished)
  }
}

function remove(file) {
  try {
    fs.rmSync(file, { force: true })
  } catch {
    // What cannot be removed may stay: it is never read.
  }
}

function removeOld(folder) {
  const oldestMs = Date.now() - KEPT_MS
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name)
    if (/\.code(\.\d+)?$/.test(name) && fs.lstatSync(file).mtimeMs < oldestMs)
      fs.rmSync(file, { force: true })
  }
}

/** Windows keeps a user's folders by other means. */
function isOurs(stat) {
  if (stat.isSymbolicLink()) return false
  return (
    process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & OTHERS_MAY_WRITE) === 0)
  )
}

function headerOf(code) {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MAGIC, 'latin1')
  header.writeUInt32BE(require('node:zlib').crc32(code), MAGIC.length)
  return header
}

/** FNV-1a: to tell flags apart, not to keep anyone out. */
function hash(text) {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return (value >>> 0).toString(16)
}

module.exports = { loadWithCodeCache, cacheFolder, hash }
