import { FailedError, UsageError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { parseProperties } from './java-properties.ts'
import { readText } from './text-file.ts'

/** Settings by Kafka's names, and where each was said: `--config` file and line, or `-X`. */
export interface Settings {
  readonly values: ReadonlyMap<string, string>
  readonly places: ReadonlyMap<string, string>
}

export const noSettings: Settings = { values: new Map(), places: new Map() }

/** server.properties. Java reads it as Latin-1, and of a key that comes twice the last one counts. */
export function readServerProperties(disk: ReadableDisk, path: string): Settings {
  const text = readText(disk, path, 'latin1')
  if (text === undefined) throw new FailedError('file-not-found', `there is no file ${path}`)
  const properties = parseProperties(text)
  return {
    // Kafka trims what it takes from a file.
    values: new Map(properties.map(({ key, value }) => [key, value.trim()])),
    places: new Map(properties.map(({ key, line }) => [key, `${path}:${line}`])),
  }
}

/** What was typed as `-X key=value`. */
export function typedSettings(typed: readonly string[]): Settings {
  const pairs = typed.map((text): [string, string] => {
    const equals = text.indexOf('=')
    // What stands there may be a secret: it is not repeated.
    if (equals <= 0) throw new UsageError('invalid-setting', '-X takes key=value')
    return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
  })
  return { values: new Map(pairs), places: new Map(pairs.map(([key]) => [key, '-X'])) }
}

/** The later ones win. */
export function mergeSettings(...all: readonly Settings[]): Settings {
  return {
    values: new Map(all.flatMap(({ values }) => [...values])),
    places: new Map(all.flatMap(({ places }) => [...places])),
  }
}
