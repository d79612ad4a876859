import { FailedError } from '../../errors.ts'
import type { Lookup } from './tls-settings.ts'

/** The `ssl.…` options that a login module may have, for the place that its tokens come from. */
export class JaasLookup implements Lookup {
  readonly #options: ReadonlyMap<string, string>

  constructor(options: ReadonlyMap<string, string>) {
    this.#options = options
  }

  get(key: string): string | undefined {
    return this.raw(key) || undefined
  }

  raw(key: string): string | undefined {
    return this.#options.get(key)
  }

  placeOf(key: string): string {
    return `${key} in sasl.jaas.config`
  }

  flag(key: string, whenNotSaid: boolean): boolean {
    const text = this.get(key)?.toLowerCase()
    if (text === undefined) return whenNotSaid
    if (text === 'true' || text === 'false') return text === 'true'
    throw new FailedError('invalid-property', `${this.placeOf(key)} is true or false`)
  }
}
