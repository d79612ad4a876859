import { FailedError, UsageError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { nearest } from '../../values/nearest.ts'
import { secretAt } from '../secrets.ts'
import { mergeSettings, readServerProperties, type Settings, typedSettings } from '../settings.ts'
import { isKnownProperty, knownProperties, otherNames, secretProperties } from './property-names.ts'

export interface PropertyWorld {
  readonly disk: ReadableDisk
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What `-X key=-` stands for. */
  readonly typedSecret?: string | undefined
}

export interface PropertySources {
  /** `--command-config`, or that of the context. */
  readonly file: string | undefined
  /** `-X`. */
  readonly typed: readonly string[]
  /** Of the context. */
  readonly kept: Readonly<Record<string, string>>
}

/** Of a connection, by Java's names; whatever was typed wins over the file, and that over the context. */
export class Properties {
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** What is there and empty counts as not said, but for those of which emptiness means something. */
  get(key: string): string | undefined {
    return this.raw(key) || undefined
  }

  raw(key: string): string | undefined {
    return this.#settings.values.get(key)
  }

  /** Where it was said: a file and its line, or `-X`. */
  placeOf(key: string): string {
    const place = this.#settings.places.get(key)
    return place === undefined ? key : `${key} (${place})`
  }

  flag(key: string, whenNotSaid: boolean): boolean {
    const text = this.get(key)?.toLowerCase()
    if (text === undefined) return whenNotSaid
    if (text === 'true' || text === 'false') return text === 'true'
    throw new FailedError('invalid-property', `${this.placeOf(key)} is true or false`)
  }

  milliseconds(key: string): number | undefined {
    const text = this.get(key)
    if (text === undefined) return undefined
    if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
    throw new FailedError('invalid-property', `${this.placeOf(key)} is a number of milliseconds`)
  }

  /** A sentence for each that neither we nor Java's clients know. */
  notes(): string[] {
    const strange = [...this.#settings.values.keys()].filter((key) => !isKnownProperty(key))
    return strange.map((key) => `nobody knows the property ${this.placeOf(key)}${meant(key)}`)
  }
}

export function readProperties({ file, typed, kept }: PropertySources, world: PropertyWorld): Properties {
  const fromContext = {
    values: new Map(Object.entries(kept).map(([key, value]) => [key, keptValue(key, value, world)])),
    places: new Map(Object.keys(kept).map((key) => [key, 'of the context'])),
  }
  const fromFile =
    file === undefined ? { values: new Map(), places: new Map() } : readServerProperties(world.disk, file)
  const all = [fromContext, fromFile, typedProperties(typed, world)]
  return new Properties(mergeSettings(...all.map(inOneSpelling)))
}

function typedProperties(typed: readonly string[], world: PropertyWorld): Settings {
  const { values, places } = typedSettings(typed)
  for (const key of values.keys()) if (!isKnownProperty(key)) throw noSuchProperty(key)
  const opened = [...values].map(([key, value]): [string, string] => [key, typedValue(key, value, world)])
  return { values: new Map(opened), places }
}

function typedValue(key: string, value: string, world: PropertyWorld): string {
  if (!secretProperties.has(key)) return value
  if (value === '-' && world.typedSecret !== undefined) return world.typedSecret
  return secretAt(value, key, world)
}

/** One that was taken over from another tool stands there as it is, in a file that nobody else may read. */
function keptValue(key: string, value: string, world: PropertyWorld): string {
  return secretProperties.has(key) && /^(?:@|env:)/.test(value) ? secretAt(value, key, world) : value
}

/** Of two spellings in one place Java's own counts. */
function inOneSpelling({ values, places }: Settings): Settings {
  const rename = <T>(from: ReadonlyMap<string, T>) =>
    new Map([
      ...[...from].flatMap(([key, value]): [string, T][] => {
        const name = otherNames[key]
        return name === undefined ? [] : [[name, value]]
      }),
      ...[...from].filter(([key]) => otherNames[key] === undefined),
    ])
  return { values: rename(values), places: rename(places) }
}

function noSuchProperty(key: string): UsageError {
  return new UsageError('no-such-property', `there is no property ${key}${meant(key)}`, {
    hint: 'the names are those of client.properties, as the Java clients read it',
  })
}

function meant(key: string): string {
  const [name] = nearest(key, knownProperties(), 1)
  return name === undefined ? '' : `; ${name} may be meant`
}
