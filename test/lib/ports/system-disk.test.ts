import * as fs from 'node:fs'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskOver, systemDisk } from '../../../src/lib/ports/system-disk.ts'
import type { FileCalls } from '../../../src/lib/ports/system-file.ts'

let folder: string
const at = (name: string) => join(folder, name)
const text = (name: string) => readFileSync(at(name), 'utf8')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-disk-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('reading', () => {
  it('fills the buffer from a position, and says how much there was before the end', async () => {
    writeFileSync(at('log'), '0123456789')
    const file = systemDisk.openToRead(at('log'))
    const into = Buffer.alloc(4)

    expect(file.sizeBytes()).toBe(10)
    expect([file.read(into, 2), into.toString()]).toEqual([4, '2345'])
    expect([await file.readCold(into, 5), into.toString()]).toEqual([4, '5678'])
    expect(file.read(into, 8)).toBe(2)
    expect(await file.readCold(into, 10)).toBe(0)
    file.close()
  })

  it('goes on after a read that the system cut short', async () => {
    writeFileSync(at('log'), '0123456789')
    const short: Partial<FileCalls> = {
      readSync: ((fd: number, into: Uint8Array, start: number, _length: number, position: number) =>
        fs.readSync(fd, into, start, 1, position)) as typeof fs.readSync,
      read: ((fd: number, into: Uint8Array, start: number, _n: number, position: number, done: () => void) =>
        fs.read(fd, into, start, 1, position, done)) as typeof fs.read,
    }
    const file = diskOver({ ...fs, ...short }).openToRead(at('log'))
    const into = Buffer.alloc(4)

    expect([file.read(into, 1), into.toString()]).toEqual([4, '1234'])
    expect([await file.readCold(into, 8), into.toString()]).toEqual([2, '8934'])
    file.close()
  })

  it('creates nothing', () => {
    expect(() => systemDisk.openToRead(at('none'))).toThrow(
      expect.objectContaining({ code: 'file-not-found', details: { path: at('none'), errno: 'ENOENT' } }),
    )
    expect(systemDisk.stat(at('none'))).toBeUndefined()
    expect(systemDisk.list(folder)).toEqual([])
  })

  it('lists a folder by name, and looks behind links', () => {
    systemDisk.makeFolder(at('b-0/deep'))
    systemDisk.makeFolder(at('b-0/deep/'))
    for (const name of ['a', 'B', 'é']) writeFileSync(at(name), 'x')
    symlinkSync(at('b-0'), at('link'))
    symlinkSync(at('gone'), at('dangling'))

    expect(systemDisk.list(folder)).toEqual([
      { name: 'B', kind: 'file' },
      { name: 'a', kind: 'file' },
      { name: 'b-0', kind: 'folder' },
      { name: 'dangling', kind: 'other' },
      { name: 'link', kind: 'folder' },
      { name: 'é', kind: 'file' },
    ])
    expect(systemDisk.stat(at('a'))).toMatchObject({ kind: 'file', sizeBytes: 1 })
  })

  it('makes no folder in place of a file, and says so', () => {
    writeFileSync(at('plain'), '')
    expect(() => systemDisk.makeFolder(at('plain'))).toThrow(/there is a file of that name/)
  })

  it('makes no folder where there can be none, and says so', () => {
    writeFileSync(at('file'), '')
    const errnoOf = (path: string) => {
      try {
        systemDisk.makeFolder(path)
        return undefined
      } catch (error) {
        return (error as { details: { errno: string } }).details.errno
      }
    }
    expect(errnoOf(at('file'))).toBe('EEXIST')
    expect(errnoOf(at('file/deep/er'))).toBe('ENOTDIR')
    // Linux says that there is no way to a folder that it will not have there.
    expect(errnoOf('/proc/none/deep')).toMatch(/^E/)
  })

  it('refuses a closed file, and lets a read that is under way end first', async () => {
    writeFileSync(at('log'), 'abc')
    const closed: number[] = []
    const closeSync = (fd: number) => {
      closed.push(fd)
      fs.closeSync(fd)
    }
    const file = diskOver({ ...fs, closeSync }).openToRead(at('log'))
    const into = Buffer.alloc(3)
    const reading = file.readCold(into, 0)
    file.close()
    file.close()

    expect(closed).toHaveLength(0)
    expect(await reading).toBe(3)
    expect(closed).toHaveLength(1)
    expect(() => file.read(into, 0)).toThrow(expect.objectContaining({ code: 'file-closed' }))
    await expect(file.readCold(into, 0)).rejects.toMatchObject({ code: 'file-closed' })
  })
})

describe('appending', () => {
  it('adds at the end, keeps what was there, and says where', () => {
    writeFileSync(at('log'), 'old ')
    const file = systemDisk.openToAppend(at('log'))

    expect(file.append(Buffer.from('one '))).toBe(4)
    expect(file.append(Buffer.from('two'))).toBe(8)
    file.write(Buffer.from('OLD'), 0)
    expect(file.append(Buffer.from('!'))).toBe(11)
    file.close()
    expect(text('log')).toBe('OLD one two!')
  })

  it('follows a truncation, and a write that grows the file', () => {
    const file = systemDisk.openToAppend(at('log'))
    file.append(Buffer.from('abcdef'))
    file.truncate(2)
    expect(file.append(Buffer.from('X'))).toBe(2)
    file.write(Buffer.from('YZ'), 2)
    expect(file.append(Buffer.from('!'))).toBe(4)
    expect(file.sizeBytes()).toBe(5)
    file.close()
    expect(text('log')).toBe('abYZ!')
  })

  it('writes all of it when the system takes one byte at a time', () => {
    const writeSync = ((fd: number, bytes: Uint8Array, start: number, _length: number, position: number) =>
      fs.writeSync(fd, bytes, start, 1, position)) as typeof fs.writeSync
    const file = diskOver({ ...fs, writeSync }).openToAppend(at('log'))
    file.append(Buffer.from('abc'))
    file.append(Buffer.from('def'))
    file.close()
    expect(text('log')).toBe('abcdef')
  })

  it('leaves nothing of an append that failed half way', () => {
    let room = 5
    const writeSync = ((fd: number, bytes: Uint8Array, start: number, _length: number, position: number) => {
      if (room === 0) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
      room -= 1
      return fs.writeSync(fd, bytes, start, 1, position)
    }) as typeof fs.writeSync
    const file = diskOver({ ...fs, writeSync }).openToAppend(at('log'))
    file.append(Buffer.from('abc'))

    expect(() => file.append(Buffer.from('defgh'))).toThrow(expect.objectContaining({ code: 'disk-full' }))
    expect(text('log')).toBe('abc')
    room = 2
    expect(file.append(Buffer.from('de'))).toBe(3)
    file.close()
    expect(text('log')).toBe('abcde')
  })

  it('does not trust a file whose half append could not be taken back', () => {
    const failure = () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' })
    }
    const calls = { ...fs, ftruncateSync: failure, writeSync: failure }
    const file = diskOver(calls).openToAppend(at('log'))

    expect(() => file.append(Buffer.from('a'))).toThrow(expect.objectContaining({ code: 'disk-error' }))
    expect(() => file.append(Buffer.from('a'))).toThrow(expect.objectContaining({ code: 'file-broken' }))
    file.close()
  })
})

describe('flushing', () => {
  it('is shared by all who ask while another flush is under way', async () => {
    const { file, waiting } = slowlyFlushed(at('log'))
    file.append(Buffer.from('a'))
    const first = file.flush()
    await turn()
    file.append(Buffer.from('bc'))
    const [second, third] = [file.flush(), file.flush()]
    await turn()

    expect(waiting).toHaveLength(1)
    waiting.shift()?.()
    expect(await first).toBe(1)
    await turn()
    expect(waiting).toHaveLength(1)
    file.append(Buffer.from('d'))
    waiting.shift()?.()
    expect([await second, await third]).toEqual([3, 3])
    expect(waiting).toHaveLength(0)
    file.close()
  })

  it('never claims bytes that were appended after it had begun', async () => {
    const { file, waiting } = slowlyFlushed(at('log'))
    const first = file.flush()
    await turn()
    file.append(Buffer.from('late'))
    waiting.shift()?.()
    expect(await first).toBe(0)
    file.close()
  })

  it('fails for ever once it has failed', async () => {
    const fdatasync = ((_fd: number, done: (cause: Error) => void) =>
      done(Object.assign(new Error('EIO'), { code: 'EIO' }))) as unknown as typeof fs.fdatasync
    const file = diskOver({ ...fs, fdatasync }).openToAppend(at('log'))
    file.append(Buffer.from('a'))

    await expect(file.flush()).rejects.toMatchObject({ code: 'disk-error', details: { errno: 'EIO' } })
    await expect(file.flush()).rejects.toMatchObject({ code: 'file-broken' })
    expect(() => file.append(Buffer.from('b'))).toThrow(expect.objectContaining({ code: 'file-broken' }))
    file.close()
  })

  it('works on real files and folders', async () => {
    const file = systemDisk.openToAppend(at('log'))
    file.append(Buffer.from('abc'))
    expect(await file.flush()).toBe(3)
    file.close()
    await systemDisk.flushFolder(folder)
    await expect(systemDisk.flushFolder(at('none'))).rejects.toMatchObject({ code: 'file-not-found' })
  })
})

describe('changing names', () => {
  it('renames over what is there, and removes folders with what is in them', () => {
    writeFileSync(at('new'), 'new')
    writeFileSync(at('old'), 'old')
    systemDisk.rename(at('new'), at('old'))
    expect(text('old')).toBe('new')
    systemDisk.makeFolder(at('t-0/x'))
    systemDisk.remove(at('t-0'))
    expect(systemDisk.list(folder)).toEqual([{ name: 'old', kind: 'file' }])
    expect(() => systemDisk.remove(at('t-0'))).toThrow(expect.objectContaining({ code: 'file-not-found' }))
  })
})

/** A file whose flushes end only when the test says so. */
function slowlyFlushed(path: string) {
  const waiting: (() => void)[] = []
  const fdatasync = ((_fd: number, done: (cause: null) => void) =>
    waiting.push(() => done(null))) as unknown as typeof fs.fdatasync
  return { file: diskOver({ ...fs, fdatasync }).openToAppend(path), waiting }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
