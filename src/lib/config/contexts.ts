import { join } from 'node:path'
import { DataError, FailedError } from '../errors.ts'
import type { Disk, ReadableDisk } from '../ports/disk.ts'
import { replaceText } from '../ports/replace-text.ts'
import { isMapping } from '../values/mappings.ts'
import { parseYaml, yamlText } from '../values/yaml.ts'
import { readText } from './text-file.ts'
import { configFolder, type UserEnvironment } from './user-folders.ts'

/** A cluster that has a name. What is not known here is kept as it stands. */
export interface Context {
  readonly bootstrap?: string
  /** A client.properties file, read at each use. */
  readonly commandConfig?: string | undefined
  /** Of Java's clients. A secret stands there as `@FILE` or `env:NAME`, unless it was imported. */
  readonly properties?: Readonly<Record<string, string>>
  /** Of the cluster that answered when it was used first. */
  readonly clusterId?: string | undefined
  /** Changes ask for its name. */
  readonly protected?: boolean
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
  if (!isMapping(document)) throw malformed(path, 'it is no mapping')
  const { version = VERSION, current, contexts = {} } = document
  if (version !== VERSION)
    throw malformed(path, `it has version ${JSON.stringify(version)}; ${VERSION} is known`)
  if (!isMapping(contexts)) throw malformed(path, '`contexts` is no mapping')
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

/** In the place of whatever it was; it must be there. */
export async function replaceContext(
  disk: Disk,
  path: string,
  name: string,
  changed: (context: Context) => Context,
): Promise<Context> {
  const known = readContexts(disk, path)
  const context = changed(contextNamed(known, name))
  await writeContexts(disk, path, { ...known, contexts: { ...known.contexts, [name]: context } })
  return context
}

export async function makeCurrent(disk: Disk, path: string, name: string): Promise<void> {
  const known = readContexts(disk, path)
  contextNamed(known, name)
  await writeContexts(disk, path, { ...known, current: name })
}

export function contextNamed({ contexts }: Contexts, name: string): Context {
  const context = Object.hasOwn(contexts, name) ? contexts[name] : undefined
  if (context !== undefined) return context
  const known = Object.keys(contexts)
  throw new FailedError('no-such-context', `there is no context "${name}"`, {
    hint:
      known.length === 0 ? 'make one: ktool context add NAME -b HOST:PORT' : `there are: ${known.join(', ')}`,
  })
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
  if (!isMapping(value)) throw malformed(path, `the context "${name}" is no mapping`)
  for (const key of ['bootstrap', 'dataDir', 'commandConfig', 'clusterId']) {
    if (value[key] !== undefined && typeof value[key] !== 'string') {
      throw malformed(path, `${key} of the context "${name}" is no text`)
    }
  }
  const { protected: isProtected = false, properties = {} } = value
  if (typeof isProtected !== 'boolean') {
    throw malformed(path, `protected of the context "${name}" is neither true nor false`)
  }
  if (!isMapping(properties)) throw malformed(path, `properties of the context "${name}" is no mapping`)
  const isTold = value.properties !== undefined
  return isTold ? { ...value, properties: textsOf(properties) } : value
}

/** People write numbers and booleans too; Kafka's properties are texts. */
function textsOf(properties: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, String(value ?? '')]))
}

function malformed(path: string, reason: string): DataError {
  return new DataError('malformed-contexts', `${path} holds no contexts: ${reason}`, { details: { path } })
}
