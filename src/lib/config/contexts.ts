import { join } from 'node:path'
import { DataError } from '../errors.ts'
import type { Disk, ReadableDisk } from '../ports/disk.ts'
import { parseYaml, yamlText } from '../values/yaml.ts'
import { readText, replaceText } from './text-file.ts'
import { configFolder, type UserEnvironment } from './user-folders.ts'

/** A cluster that has a name. What is not known here is kept as it stands. */
export interface Context {
  readonly bootstrap?: string
  /** Of the local broker that it names. */
  readonly dataDir?: string
  readonly [key: string]: unknown
}

export interface Contexts {
  /** The one that is meant where none is named. */
  readonly current?: string
  readonly contexts: Readonly<Record<string, Context>>
}

const VERSION = 1

export function contextsFile(user: UserEnvironment): string {
  return join(configFolder(user), 'contexts.yaml')
}

export function readContexts(disk: ReadableDisk, path: string): Contexts {
  const text = readText(disk, path)
  const document = text === undefined ? null : parseYaml(text, path)
  if (document === null) return { contexts: {} }
  if (!isRecord(document)) throw malformed(path, 'it is no mapping')
  const { version = VERSION, current, contexts = {} } = document
  if (version !== VERSION)
    throw malformed(path, `it has version ${JSON.stringify(version)}; ${VERSION} is known`)
  if (!isRecord(contexts)) throw malformed(path, '`contexts` is no mapping')
  if (current !== undefined && typeof current !== 'string') throw malformed(path, '`current` is no name')
  const named = Object.entries(contexts).map(([name, value]) => [name, contextOf(value, name, path)] as const)
  return { ...(current === undefined ? {} : { current }), contexts: Object.fromEntries(named) }
}

/** Adds the context or puts it in the place of its former self; the first of all becomes the current one. */
export async function keepContext(disk: Disk, path: string, name: string, context: Context): Promise<void> {
  const known = readContexts(disk, path)
  const contexts = { ...known.contexts, [name]: { ...known.contexts[name], ...context } }
  await writeContexts(disk, path, { current: known.current ?? name, contexts })
}

/** Another context becomes current only by the user's own word. */
export async function dropContext(disk: Disk, path: string, name: string): Promise<void> {
  const { current, contexts } = readContexts(disk, path)
  if (contexts[name] === undefined) return
  const { [name]: _dropped, ...others } = contexts
  await writeContexts(disk, path, {
    ...(current === undefined || current === name ? {} : { current }),
    contexts: others,
  })
}

async function writeContexts(disk: Disk, path: string, contexts: Contexts): Promise<void> {
  disk.makeFolder(join(path, '..'))
  await replaceText(disk, path, yamlText({ version: VERSION, ...contexts }))
}

function contextOf(value: unknown, name: string, path: string): Context {
  if (!isRecord(value)) throw malformed(path, `the context "${name}" is no mapping`)
  for (const key of ['bootstrap', 'dataDir']) {
    if (value[key] !== undefined && typeof value[key] !== 'string') {
      throw malformed(path, `${key} of the context "${name}" is no text`)
    }
  }
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(path: string, reason: string): DataError {
  return new DataError('malformed-contexts', `${path} holds no contexts: ${reason}`, { details: { path } })
}
