import { describe, expect, it } from 'vitest'
import {
  configFolder,
  dataFolder,
  stateFolder,
  temporaryFolder,
} from '../../../src/lib/config/user-folders.ts'

const folders = [configFolder, dataFolder, stateFolder, temporaryFolder]
const all = (platform: string, environment: Record<string, string>) =>
  folders.map((folder) => folder({ platform, environment }))

describe('the folders of a user', () => {
  it('are those of XDG on Linux', () => {
    expect(all('linux', { HOME: '/h' })).toEqual([
      '/h/.config/ktool',
      '/h/.local/share/ktool',
      '/h/.local/state/ktool',
      '/tmp',
    ])
    const environment = { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d', XDG_STATE_HOME: '/s', TMPDIR: '/t' }
    expect(all('linux', environment)).toEqual(['/c/ktool', '/d/ktool', '/s/ktool', '/t'])
  })

  it('are in Application Support on macOS, except what people edit', () => {
    expect(all('darwin', { HOME: '/h', TMPDIR: '/t' })).toEqual([
      '/h/.config/ktool',
      '/h/Library/Application Support/ktool',
      '/h/Library/Application Support/ktool',
      '/t',
    ])
  })

  it('cannot be found without a home', () => {
    for (const folder of folders.slice(0, 3)) {
      expect(() => folder({ platform: 'linux', environment: { XDG_DATA_HOME: 'relative' } })).toThrow('HOME')
      expect(() => folder({ platform: 'win32', environment: {} })).toThrow('APPDATA is not set')
    }
  })
})
