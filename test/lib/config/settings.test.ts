import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mergeSettings, readServerProperties, typedSettings } from '../../../src/lib/config/settings.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-settings-'))
  file = join(folder, 'server.properties')
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('the settings of a broker', () => {
  it('are those of the file, the last of a name, with their places', () => {
    writeFileSync(file, 'num.partitions=1\nlog.dirs=/a , /b  \nnum.partitions = 3 \n')
    const { values, places } = readServerProperties(systemDisk, file)
    expect([...values]).toEqual([
      ['num.partitions', '3'],
      ['log.dirs', '/a , /b'],
    ])
    expect(places.get('num.partitions')).toBe(`${file}:3`)
  })

  it('are read in the charset that Java takes', () => {
    writeFileSync(file, Buffer.from('a=\xe4', 'latin1'))
    expect(readServerProperties(systemDisk, file).values.get('a')).toBe('ä')
  })

  it('are typed over those of the file', () => {
    writeFileSync(file, 'a=1\nb=2')
    const all = mergeSettings(readServerProperties(systemDisk, file), typedSettings(['b=3=4']))
    expect([...all.values]).toEqual([
      ['a', '1'],
      ['b', '3=4'],
    ])
    expect(all.places.get('b')).toBe('-X')
  })

  it('are refused where they are no pair, without a word of what may be a secret', () => {
    expect(() => typedSettings(['ssl.key.password'])).toThrow(/^-X takes key=value$/)
    expect(() => typedSettings(['=x'])).toThrow('key=value')
  })

  it('cannot come from a file that is not there, or from one that is none', () => {
    expect(() => readServerProperties(systemDisk, file)).toThrow('there is no file')
    writeFileSync(file, Buffer.alloc(2 ** 20 + 1, 'a'))
    expect(() => readServerProperties(systemDisk, file)).toThrow('is larger than 1MiB')
  })
})
