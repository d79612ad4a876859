import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { goldenDirectory } from '../lib/log/cluster/golden-directories.ts'

let folder: string

/** The directories of the one broker there was, given to another one: every leader is elsewhere now. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-borrowed-'))
  cpSync(goldenDirectory('kraft-431'), folder, { recursive: true })
  for (const directory of ['data0', 'data1']) {
    const path = join(folder, directory, 'meta.properties')
    writeFileSync(path, readFileSync(path, 'utf8').replace('node.id=1', 'node.id=2'))
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

async function talk(...args: string[]): Promise<string> {
  const places = ['data0', 'data1'].flatMap((directory) => ['--log-dir', join(folder, directory)])
  const { status, stderr } = await ktool([...args, ...places])
  expect(status).toBe(0)
  return stderr
}

describe('copies whose leaders lie elsewhere', () => {
  const several = 'are read as they are here: the copies of their leaders are not\n'

  it('are told of once for all that was read of a topic', async () => {
    expect(await talk('groups', 'list')).toBe(`__consumer_offsets:0-2 ${several}`)
    expect(await talk('txns', 'list')).toBe(`__transaction_state:0-1 ${several}`)
    expect(await talk('consume', 'orders', '-n', '1')).toBe(`orders:0-2 ${several}`)
  })

  it('are told of one by one where one alone was read', async () => {
    expect(await talk('groups', 'describe', 'simple-assign')).toMatch(
      /^__consumer_offsets-\d is read as it is here: the leader was node 1, whose copy is not here; this one, of node 2, was not in sync\n$/,
    )
  })
})
