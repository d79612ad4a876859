import { DataError } from '../../errors.ts'
import { linesOf } from './text-file.ts'

/** Whose directory it is. Version 0 is of the time of ZooKeeper. */
export interface MetaProperties {
  readonly version: 0 | 1
  readonly clusterId: string | null
  readonly nodeId: number | null
  readonly directoryId: string | null
}

export function parseMetaProperties(bytes: Buffer): MetaProperties {
  const properties = new Map(linesOf(bytes).flatMap((line) => propertyOf(line)))
  const version = properties.get('version')
  if (version !== '0' && version !== '1') {
    throw new DataError(
      'corrupt-meta-properties',
      `meta.properties has version ${JSON.stringify(version ?? null)}; 0 and 1 are known`,
    )
  }
  return {
    version: version === '0' ? 0 : 1,
    clusterId: properties.get('cluster.id') ?? null,
    nodeId: nodeIdOf(properties.get('node.id') ?? properties.get('broker.id')),
    directoryId: properties.get('directory.id') ?? null,
  }
}

/** As far as Kafka writes it: no continued lines, and backslashes before `=`, `:`, `#`, `!` and themselves. */
function propertyOf(line: string): [string, string][] {
  const text = line.trim()
  if (text === '' || text.startsWith('#') || text.startsWith('!')) return []
  const [, key = text, value = ''] = /^((?:\\.|[^=:\\])+?)\s*[=:]\s*(.*)$/.exec(text) ?? []
  return [[unescaped(key), unescaped(value)]]
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

function nodeIdOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^-?\d+$/.test(text)) return Number(text)
  throw new DataError('corrupt-meta-properties', `meta.properties has the node id ${JSON.stringify(text)}`)
}
