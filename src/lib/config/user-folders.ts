import { isAbsolute, join } from 'node:path'
import { FailedError } from '../errors.ts'

/** Who the user is, as far as it decides where his files lie. */
export interface UserEnvironment {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
}

/** What the user has set: contexts. */
export function configFolder(user: UserEnvironment): string {
  if (user.platform === 'win32') return windowsFolder(user, 'APPDATA')
  return join(xdgFolder(user, 'XDG_CONFIG_HOME') ?? home(user, '.config'), 'ktool')
}

/** What must last: the directory of the local broker. */
export function dataFolder(user: UserEnvironment): string {
  if (user.platform === 'win32') return windowsFolder(user, 'LOCALAPPDATA')
  const folder = user.platform === 'darwin' ? 'Library/Application Support' : '.local/share'
  return join(xdgFolder(user, 'XDG_DATA_HOME') ?? home(user, folder), 'ktool')
}

/** What lasts, and nobody would miss: logs, and which process runs. */
export function stateFolder(user: UserEnvironment): string {
  if (user.platform === 'win32') return windowsFolder(user, 'LOCALAPPDATA')
  const folder = user.platform === 'darwin' ? 'Library/Application Support' : '.local/state'
  return join(xdgFolder(user, 'XDG_STATE_HOME') ?? home(user, folder), 'ktool')
}

/** What does not last. */
export function temporaryFolder({ environment, platform }: UserEnvironment): string {
  const { TMPDIR, TEMP, TMP } = environment
  return platform === 'win32' ? TEMP || TMP || 'C:\\Windows\\Temp' : TMPDIR || '/tmp'
}

/** A relative one is to be ignored, says the XDG specification. */
function xdgFolder({ environment }: UserEnvironment, name: string): string | undefined {
  const folder = environment[name]
  return folder !== undefined && isAbsolute(folder) ? folder : undefined
}

function home({ environment }: UserEnvironment, folder: string): string {
  if (environment.HOME) return join(environment.HOME, folder)
  throw new FailedError('no-home', 'HOME is not set, so that there is no folder for files of yours', {
    hint: 'set HOME, or name the folder: --data-dir DIR',
  })
}

function windowsFolder({ environment }: UserEnvironment, name: string): string {
  const folder = environment[name]
  if (folder) return join(folder, 'ktool')
  throw new FailedError('no-home', `${name} is not set, so that there is no folder for files of yours`)
}
