import { basename, extname, resolve } from 'node:path'
import { DataError, FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseYaml } from '../../values/yaml.ts'
import { parseProperties } from '../java-properties.ts'
import { readText } from '../text-file.ts'
import type { ForeignContexts } from './foreign-context.ts'
import { yamlContexts } from './yaml-contexts.ts'

/** The clusters in the configuration of another tool, which is told by what stands in it. */
export function readForeignContexts(disk: ReadableDisk, path: string): ForeignContexts {
  const text = readText(disk, path)
  if (text === undefined) throw new FailedError('file-not-found', `there is no file ${path}`)
  const properties = propertiesContext(text, path)
  if (properties !== undefined) return properties
  const found = yamlContexts(parseYaml(text, path))
  if (found === undefined) throw unknownFile(path)
  const usable = found.contexts.filter(({ context }) => context.bootstrap !== '')
  if (usable.length === 0) throw new DataError('no-clusters', `${path} names no brokers of any cluster`)
  return { ...found, contexts: usable }
}

/** client.properties, and what librdkafka's programs read: the file stays where the properties are. */
function propertiesContext(text: string, path: string): ForeignContexts | undefined {
  const properties = new Map(parseProperties(text).map(({ key, value }) => [key, value.trim()]))
  const bootstrap = properties.get('bootstrap.servers') ?? properties.get('metadata.broker.list')
  if (bootstrap === undefined) return undefined
  const name = basename(path, extname(path))
  const context = { bootstrap, commandConfig: resolve(path) }
  return { tool: 'properties', contexts: [{ name, context }], current: null }
}

function unknownFile(path: string): DataError {
  return new DataError('unknown-configuration', `${path} is no configuration that is known here`, {
    hint: 'known are those of kaf, kafkactl and rpk, and properties files with bootstrap.servers',
    details: { path },
  })
}
