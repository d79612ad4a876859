import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bin, environment, ktool } from '../ktool.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ktool-cache-'))
})

afterEach(() => rmSync(home, { recursive: true }))

describe('the code cache', () => {
  it('is made by the first run and used by the next', async () => {
    await works()
    const made = identity()
    await works()
    expect(identity()).toBe(made)
  })

  it('is for this user only', async () => {
    await works()
    expect(statSync(join(home, 'ktool')).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700)
    expect(statSync(onlyFile()).mode & 0o077).toBe(0)
  })

  it.each<[string, (file: string) => void]>([
    ['is damaged in the middle', (file) => flipByte(file, 0.5)],
    ['is damaged at its end', (file) => flipByte(file, 0.999)],
    ['is cut off', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['is cut to its header', (file) => truncateSync(file, 17)],
    ['is empty', (file) => truncateSync(file, 0)],
    ['is all zeros', (file) => writeFileSync(file, Buffer.alloc(statSync(file).size))],
    ['can be written by others', (file) => chmodSync(file, 0o666)],
    ['is a link to a file elsewhere', linkFromElsewhere],
  ])('that %s is made anew', async (_, damage) => {
    await works()
    damage(onlyFile())
    const damaged = identity()
    await works()

    expect(identity()).not.toBe(damaged)
  })

  it('is neither read from nor written to a folder that others can write', async () => {
    await works()
    rmSync(onlyFile())
    chmodSync(join(home, 'ktool'), 0o777)
    await works()
    expect(readdirSync(join(home, 'ktool'))).toEqual([])
  })

  it('is done without where it cannot be kept', async () => {
    writeFileSync(join(home, 'ktool'), 'a file where the folder should be')
    await works()
    await works()
  })

  it('is whole, whoever makes it at the same time', async () => {
    await Promise.all([works(), works(), works(), works(), works()])
    const made = identity()
    await works()
    expect(identity()).toBe(made)
  })

  it('is one for each installation of the same build', async () => {
    await works()
    const root = join(home, 'other')
    for (const part of ['bin', 'dist', 'package.json']) {
      cpSync(join(dirname(dirname(bin)), part), join(root, part), { recursive: true })
    }
    const child = spawn(process.execPath, [join(root, 'bin/ktool.js'), 'protocol', 'errors', '3'], {
      env: environmentHere(),
    })
    child.stdout.resume()
    expect(await once(child, 'close')).toEqual([0, null])
    expect(readdirSync(join(home, 'ktool'))).toHaveLength(2)
  })

  it('ignores a relative XDG_CACHE_HOME', async () => {
    const env = {
      ...environmentHere(),
      XDG_CACHE_HOME: relative(process.cwd(), home),
      HOME: join(home, 'me'),
    }
    await ktool(['protocol', 'errors', '3'], '', env)
    expect(readdirSync(home)).toEqual(['me'])
  })

  it('is removed when nobody has run it for a month', async () => {
    await works()
    const daysAgo = (days: number) => Date.now() / 1000 - days * 86_400
    for (const [name, days] of [
      ['old.code', 31],
      ['old.code.123', 31],
      ['recent.code', 29],
      ['old.text', 31],
    ] as const) {
      const file = join(home, 'ktool', name)
      writeFileSync(file, '')
      utimesSync(file, daysAgo(days), daysAgo(days))
    }
    await ktool(['zebra'], '', environmentHere())
    const names = readdirSync(join(home, 'ktool'))
    expect(names.filter((name) => /^(old|recent)/.test(name)).sort()).toEqual(['old.text', 'recent.code'])
  })

  it('is one for each command, and one for all that is none', async () => {
    for (const args of [['protocol', 'errors', '3'], ['protocol', 'apis', '3'], ['zebra'], ['lion']]) {
      await ktool(args, '', environmentHere())
    }
    const commands = readdirSync(join(home, 'ktool')).map(
      (name) => /-([a-z]+(?:-[a-z]+)?)\.code$/.exec(name)?.[1],
    )
    expect(commands.sort()).toEqual(['other', 'protocol-apis', 'protocol-errors'])
  })
})

async function works(): Promise<void> {
  const { status, stdout, stderr } = await ktool(['protocol', 'errors', '3'], '', environmentHere())
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.toString()).toContain('UNKNOWN_TOPIC_OR_PARTITION')
}

function environmentHere(): NodeJS.ProcessEnv {
  return { ...environment, XDG_CACHE_HOME: home, LOCALAPPDATA: home }
}

function onlyFile(): string {
  const names = readdirSync(join(home, 'ktool'))
  expect(names).toHaveLength(1)
  return join(home, 'ktool', names[0] ?? '')
}

/** Another file under the same name is another inode, or the same one written later. */
function identity(): string {
  const { ino, mtimeMs } = statSync(onlyFile())
  return `${ino} ${mtimeMs}`
}

function flipByte(file: string, where: number): void {
  const bytes = readFileSync(file)
  const position = Math.floor(bytes.length * where)
  bytes[position] = (bytes[position] ?? 0) ^ 0xff
  writeFileSync(file, bytes)
}

function linkFromElsewhere(file: string): void {
  renameSync(file, join(home, 'elsewhere'))
  symlinkSync(join(home, 'elsewhere'), file)
}
