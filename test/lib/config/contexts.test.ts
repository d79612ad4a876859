import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contextsFile, dropContext, keepContext, readContexts } from '../../../src/lib/config/contexts.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-contexts-'))
  file = join(folder, 'ktool', 'contexts.yaml')
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('the contexts', () => {
  it('are none where there is no file', () => {
    expect(readContexts(systemDisk, file)).toEqual({ contexts: {} })
  })

  it('are in the folder that the environment names, if it is absolute', () => {
    const place = (environment: Record<string, string>) => contextsFile({ environment, platform: 'linux' })
    expect(place({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/ktool/contexts.yaml')
    expect(place({ XDG_CONFIG_HOME: 'x', HOME: '/h' })).toBe('/h/.config/ktool/contexts.yaml')
    expect(() => place({})).toThrow('HOME is not set')
  })

  it('are kept where nobody else can read them, and the first becomes the current one', async () => {
    await keepContext(systemDisk, file, 'local', { bootstrap: '127.0.0.1:9092' })
    await keepContext(systemDisk, file, 'other', { bootstrap: 'b:9092' })

    expect(statSync(file).mode & 0o077).toBe(0)
    expect(readContexts(systemDisk, file)).toEqual({
      current: 'local',
      contexts: { local: { bootstrap: '127.0.0.1:9092' }, other: { bootstrap: 'b:9092' } },
    })
  })

  it('keep what is not known here, of the context that changes too', async () => {
    await keepContext(systemDisk, file, 'local', { bootstrap: 'a:1', colour: 'red' })
    await keepContext(systemDisk, file, 'local', { bootstrap: 'a:2' })
    expect(readContexts(systemDisk, file).contexts.local).toEqual({ bootstrap: 'a:2', colour: 'red' })
  })

  it('lose one without making another current', async () => {
    await keepContext(systemDisk, file, 'local', { bootstrap: 'a:1' })
    await keepContext(systemDisk, file, 'production', { bootstrap: 'p:1' })
    await dropContext(systemDisk, file, 'local')
    expect(readContexts(systemDisk, file)).toEqual({ contexts: { production: { bootstrap: 'p:1' } } })
  })

  it.each([
    ['a: [', 'line 1'],
    ['- a', 'it is no mapping'],
    ['version: 2', 'it has version 2'],
    ['contexts: 3', '`contexts` is no mapping'],
    ['contexts: {a: 3}', 'the context "a" is no mapping'],
    ['contexts: {a: {bootstrap: 3}}', 'bootstrap of the context "a" is no text'],
    ['current: 3', '`current` is no name'],
    [
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]',
      'no YAML',
    ],
  ])('that are %j are refused: %s', (text, reason) => {
    const broken = join(folder, 'contexts.yaml')
    writeFileSync(broken, text)
    expect(() => readContexts(systemDisk, broken)).toThrow(reason)
    expect(readFileSync(broken, 'utf8')).toBe(text)
  })
})
