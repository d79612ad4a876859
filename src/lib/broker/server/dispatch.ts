import { DataError } from '../../errors.ts'
import { apiVersions } from '../../protocol/apis/api-versions.ts'
import type { Handler } from '../apis/handler.ts'

/** Which APIs are served, at which versions. */
export class Dispatch {
  readonly #handlers = new Map<number, Handler>()

  constructor(handlers: readonly Handler[]) {
    for (const handler of handlers) this.#handlers.set(handler.api.key, handler)
  }

  /** Throws for what only a closed connection answers: the first four bytes of a request are enough to ask. */
  find(key: number, version: number): Handler {
    const handler = this.#handlers.get(key)
    if (handler === undefined) throw new DataError('unknown-api-key', `API key ${key} is not served here`)
    if (serves(handler, version) || key === apiVersions.key) return handler
    throw new DataError('unknown-version', `${handler.api.name} is not served at version ${version}`)
  }
}

export function serves({ served }: Handler, version: number): boolean {
  return version >= served.min && version <= served.max
}
