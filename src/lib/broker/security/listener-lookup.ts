import type { Lookup } from '../../config/security/tls-settings.ts'
import { FailedError } from '../../errors.ts'

/** What is said of one listener (`listener.name.NAME.…`), and where that is nothing, of all. */
export class ListenerLookup implements Lookup {
  readonly #settings: ReadonlyMap<string, string>
  readonly #prefix: string

  constructor(settings: ReadonlyMap<string, string>, listener: string) {
    this.#settings = settings
    this.#prefix = `listener.name.${listener.toLowerCase()}.`
  }

  get(key: string): string | undefined {
    return this.raw(key) || undefined
  }

  raw(key: string): string | undefined {
    return this.ofListener(key) ?? this.#settings.get(key)
  }

  /** Only what is said of this listener. */
  ofListener(key: string): string | undefined {
    return this.#settings.get(this.#prefix + key)
  }

  placeOf(key: string): string {
    return this.ofListener(key) === undefined ? key : this.#prefix + key
  }

  /** What to say where something is missing. */
  nameOf(key: string): string {
    return this.#prefix + key
  }

  flag(key: string, whenNotSaid: boolean): boolean {
    const text = this.get(key)?.toLowerCase()
    if (text === undefined) return whenNotSaid
    if (text === 'true' || text === 'false') return text === 'true'
    throw new FailedError('invalid-property', `${this.placeOf(key)} is true or false`)
  }
}
