import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'

const golden = fileURLToPath(new URL('../golden/disk/', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'ktool-rebuild-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('ktool segments rebuild-index', () => {
  it('asks for --yes, and shows what it would do without', async () => {
    const folder = copyOf('segments/roll-size/roll-size-0')
    rmSync(join(folder, '00000000000000000150.timeindex'))
    const before = readdirSync(folder)

    const refused = await ktool(['segments', 'rebuild-index', folder])
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes does it') })
    const flags = ['--index-interval-bytes', '512', '-o', 'json']
    const dry = await ktool(['segments', 'rebuild-index', folder, '--dry-run', ...flags])
    expect(dry.status).toBe(0)
    expect(changedIn(dry.stdout)).toEqual([['00000000000000000150.timeindex', 'made']])
    expect(readdirSync(folder)).toEqual(before)

    const done = await ktool(['segments', 'rebuild-index', folder, '--yes', ...flags])
    expect(changedIn(done.stdout)).toEqual(changedIn(dry.stdout))
    const file = '00000000000000000150.timeindex'
    expect(readFileSync(join(folder, file))).toEqual(
      readFileSync(join(golden, 'segments/roll-size/roll-size-0', file)),
    )
  })

  it('leaves a damaged log as it is, and does the others', async () => {
    const folder = copyOf('corrupt/base/victim-0')
    const [first = '', ...others] = readdirSync(folder).filter((name) => name.endsWith('.log'))
    const log = join(folder, first)
    writeFileSync(log, readFileSync(log).subarray(0, -3))
    for (const name of readdirSync(folder)) if (name.endsWith('.index')) rmSync(join(folder, name))
    const { status, stdout } = await ktool([
      'segments',
      'rebuild-index',
      folder,
      '--yes',
      '-o',
      'json',
      '--kind',
      'index',
    ])
    expect(status).toBe(1)
    const { items, errors } = JSON.parse(stdout.toString())
    expect(items).toHaveLength(others.length)
    expect(errors).toEqual([expect.objectContaining({ item: log, code: 'damaged-log' })])
    expect(readdirSync(folder).filter((name) => name.endsWith('.rebuilt'))).toEqual([])
  })

  it('refuses what is no segment', async () => {
    const { status, stderr } = await ktool([
      'segments',
      'rebuild-index',
      golden,
      join(golden, 'README.md'),
      '--yes',
    ])
    expect(status).toBe(1)
    expect(stderr).toContain('has no segments')
    expect(stderr).toContain('README.md: ')
  })
})

function changedIn(stdout: Buffer): [string, string][] {
  const { items } = JSON.parse(stdout.toString()) as { items: { file: string; change: string }[] }
  return items
    .filter(({ change }) => change !== 'same')
    .map(({ file, change }) => [file.slice(file.lastIndexOf('/') + 1), change])
}

function copyOf(folder: string): string {
  const copy = join(mkdtempSync(join(scratch, 'copy-')), folder.slice(folder.lastIndexOf('/') + 1))
  cpSync(join(golden, folder), copy, { recursive: true, preserveTimestamps: true })
  return copy
}
