import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { secretAt } from '../../../src/lib/config/secrets.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'

it('a secret is taken from where it is said to be, and not from the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ktool-secret-'))
  writeFileSync(join(folder, 'password'), ' word \n')
  const places = { disk: systemDisk, environment: { PASSWORD: 'from there' } }
  const secret = (place: string) => secretAt(place, 'ssl.key.password', places)

  expect(secret(`@${join(folder, 'password')}`)).toBe(' word ')
  expect(secret('env:PASSWORD')).toBe('from there')
  expect(() => secret(`@${join(folder, 'none')}`)).toThrow('there is no file')
  expect(() => secret('env:NONE')).toThrow('is not set')
  expect(() => secret('hunter2')).toThrow(/^ssl\.key\.password is a secret, and not to be typed$/)
  rmSync(folder, { recursive: true })
})
