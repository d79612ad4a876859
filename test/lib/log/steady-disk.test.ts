import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openPartitionFolder } from '../../../src/lib/log/partition-folder.ts'
import { SteadyDisk } from '../../../src/lib/log/steady-disk.ts'
import type { ReadableDisk } from '../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

const [first, second] = ['00000000000000000000.log', '00000000000000000100.log'] as const
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-steady-'))
  put(first, 'first')
  put(second, 'second')
})

afterEach(() => rmSync(folder, { recursive: true }))

it('opens a file that was listed and has been renamed to be deleted', () => {
  const disk = new SteadyDisk(systemDisk)
  openPartitionFolder(disk, folder)
  rename(first, `${first}.deleted`)
  expect(textAt(disk, first)).toBe('first')
})

it('opens the file that was listed, though the cleaner has put another one into its place', () => {
  const disk = new SteadyDisk(systemDisk)
  openPartitionFolder(disk, folder)
  for (const name of [first, second]) rename(name, `${name}.deleted`)
  put(first, 'first and second')
  expect([first, second].map((name) => textAt(disk, name))).toEqual(['first', 'second'])
})

it('opens a file that is renamed while it is opened', () => {
  const disk = new SteadyDisk({
    ...systemDisk,
    openToRead(path) {
      if (path.endsWith(first)) rename(first, `${first}.deleted`)
      return systemDisk.openToRead(path)
    },
  })
  openPartitionFolder(disk, folder)
  expect(textAt(disk, first)).toBe('first')
})

it('opens the file that was listed, though another one is put into its place meanwhile', () => {
  const disk = new SteadyDisk({
    ...systemDisk,
    openToRead(path) {
      if (path.endsWith(first)) {
        rename(first, `${first}.deleted`)
        put(first, 'cleaned')
      }
      return systemDisk.openToRead(path)
    },
  })
  openPartitionFolder(disk, folder)
  expect(textAt(disk, first)).toBe('first')
})

it('opens the new file once the folder is listed again', () => {
  const disk = new SteadyDisk(systemDisk)
  openPartitionFolder(disk, folder)
  rename(first, `${first}.deleted`)
  put(first, 'first and second')
  openPartitionFolder(disk, folder)
  expect(textAt(disk, first)).toBe('first and second')
})

it('opens what there is where the old file is gone, and says so where there is nothing', () => {
  const disk = new SteadyDisk(systemDisk)
  openPartitionFolder(disk, folder)
  rmSync(join(folder, second))
  writeFileSync(join(folder, 'new'), 'cleaned')
  rename('new', first)
  expect(textAt(disk, first)).toBe('cleaned')
  expect(() => textAt(disk, second)).toThrow('there is no such file')
})

it('lists again while the cleaner has taken old segments away and the new one is not yet there', () => {
  rename(first, `${first}.deleted`)
  rename(second, `${first}.swap`)
  const disk = new SteadyDisk(
    onList(2, () => {
      rename(`${first}.swap`, first)
    }),
  )
  expect(openPartitionFolder(disk, folder).segments.map(({ log }) => log.name)).toEqual([first])
})

it('takes a swap that nobody ends for what it is', () => {
  rename(first, `${first}.deleted`)
  put(`${first}.swap`, 'cleaned')
  const { segments } = openPartitionFolder(new SteadyDisk(systemDisk), folder)
  expect(segments.map(({ log }) => log.name)).toEqual([second])
})

it('lists again where a segment went while its neighbours were looked at', () => {
  let isFirst = true
  const disk = new SteadyDisk({
    ...systemDisk,
    stat(path) {
      if (isFirst && path.endsWith(second)) {
        isFirst = false
        for (const name of [first, second]) rename(name, `${name}.deleted`)
        put(first, 'first and second')
      }
      return systemDisk.stat(path)
    },
  })
  const { segments } = openPartitionFolder(disk, folder)
  expect(segments.map(({ log }) => log.name)).toEqual([first])
  expect(textAt(disk, first)).toBe('first and second')
})

/** Before the folder is listed for the nth time, something happens. */
function onList(nth: number, happens: () => void): ReadableDisk {
  let count = 0
  return {
    ...systemDisk,
    list(path) {
      if (++count === nth) happens()
      return systemDisk.list(path)
    },
  }
}

function put(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}

function rename(from: string, to: string): void {
  renameSync(join(folder, from), join(folder, to))
}

function textAt(disk: ReadableDisk, name: string): string {
  const file = disk.openToRead(join(folder, name))
  try {
    return readFileSync(file.path, 'utf8')
  } finally {
    file.close()
  }
}
