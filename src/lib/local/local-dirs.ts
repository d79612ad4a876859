import { join, resolve } from 'node:path'
import { dataFolder, type UserEnvironment } from '../config/user-folders.ts'
import { UsageError } from '../errors.ts'
import { dirsIn } from './server-settings.ts'

/** Where a local broker keeps its data. */
export interface LocalDirs {
  /** Its `log.dirs`: one, or several. */
  readonly dataDirs: readonly string[]
  /** Where its metadata log lies; the first of them if it is left out. */
  readonly metadataDir?: string
}

interface DirFlags {
  readonly 'data-dir'?: readonly string[] | undefined
  readonly ephemeral?: boolean | undefined
}

/** Where the local broker keeps its data if nothing is said. */
export function defaultDataDir(user: UserEnvironment): string {
  return join(dataFolder(user), 'local')
}

/** What was said of it: flags go before settings. Nothing where nothing was. */
export function localDirs(flags: DirFlags, settings: ReadonlyMap<string, string>): LocalDirs | undefined {
  const typed = flags['data-dir'] ?? []
  if (typed.length === 0 && flags.ephemeral === true) return undefined
  const { dataDirs: listed, metadataDir } = dirsIn(settings)
  const named = typed.length > 0 ? typed : listed
  if (named.length === 0) return undefined
  const dataDirs = named.map(pathOf)
  mustBeSeveral(dataDirs)
  return { dataDirs, ...(metadataDir !== undefined && { metadataDir: pathOf(metadataDir) }) }
}

/** What a variable that is not set leaves of a path. */
function pathOf(path: string): string {
  if (path.trim() !== '') return resolve(path)
  throw new UsageError('no-data-dir', 'the name of the data directory is empty')
}

/** Kafka lists them with commas between them. */
function mustBeSeveral(paths: readonly string[]): void {
  const twice = paths.find((path, i) => paths.indexOf(path) !== i)
  if (twice !== undefined)
    throw new UsageError('data-dir-twice', `${twice} is named twice as a data directory`)
  const listed = paths.length > 1 ? paths.find((path) => path.includes(',')) : undefined
  if (listed === undefined) return
  throw new UsageError(
    'data-dir-comma',
    `${listed} has a comma in its name, and log.dirs has one between names`,
    {
      hint: 'with several data directories, none can have one; --data-dir is said once for each',
    },
  )
}
