import { UsageError } from '../errors.ts'
import { findAsVersion } from './as-version.ts'
import type { LocalBrokerOptions } from './exported.ts'
import type { LocalFlags } from './local-wish.ts'

const known: ReadonlySet<string> = new Set([
  'port',
  'dataDir',
  'topics',
  'settings',
  'flush',
  'secure',
  'asVersion',
  'log',
])

/** The options of the export as the flags that say the same. Callers without types get a sentence for a slip. */
export function localFlagsOf(options: LocalBrokerOptions): LocalFlags {
  const stray = Object.keys(options).find((name) => !known.has(name))
  if (stray !== undefined) {
    throw new UsageError('unknown-option', `startBroker knows no option "${stray}"`, {
      hint: `it knows ${[...known].join(', ')}`,
    })
  }
  const { port = 0, dataDir, topics = [], settings = {}, flush, secure, asVersion } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError('invalid-port', `${port} is no port`)
  }
  if (flush !== undefined && flush !== 'interval' && flush !== 'ack') {
    throw new UsageError('invalid-flush', `flush is "interval" or "ack", not ${JSON.stringify(flush)}`)
  }
  return {
    port,
    'data-dir': typeof dataDir === 'string' ? [dataDir] : dataDir,
    flush,
    secure,
    'as-version': asVersion === undefined ? undefined : findAsVersion(asVersion),
    topic: topicsOf(topics),
    set: Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  }
}

function topicsOf(topics: NonNullable<LocalBrokerOptions['topics']>): string[] {
  if (isNames(topics)) return [...topics]
  return Object.entries(topics).map(([name, partitions]) => `${name}:${partitions}`)
}

function isNames(topics: NonNullable<LocalBrokerOptions['topics']>): topics is readonly string[] {
  return Array.isArray(topics)
}
