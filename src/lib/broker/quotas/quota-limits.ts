import type { QuotaImage } from '../../log/cluster/metadata-image.ts'

/** Who shares a rate: all connections with the same of both. Empty where it does not matter. */
export interface QuotaSharer {
  readonly user: string
  readonly clientId: string
}

/** The value of one quota by entity; null is the default of all users or client ids, undefined is any. */
export class QuotaLimits {
  readonly #limits: ReadonlyMap<string, number>

  constructor(quotas: readonly QuotaImage[], key: string) {
    const limits = new Map<string, number>()
    for (const { entity, values } of quotas) {
      const value = values.get(key)
      if (value !== undefined && !entity.has('ip')) {
        limits.set(entityKey(entity.get('user'), entity.get('client-id')), value)
      }
    }
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#limits.size === 0
  }

  /** The first of Kafka's eight levels that is set says what the rate is shared by. */
  sharer(user: string, clientId: string): QuotaSharer {
    if (this.#has(user, clientId) || this.#has(user, null)) return { user, clientId }
    if (this.#has(user, undefined)) return { user, clientId: '' }
    if (this.#has(null, clientId) || this.#has(null, null)) return { user, clientId }
    if (this.#has(null, undefined)) return { user, clientId: '' }
    return { user: '', clientId }
  }

  /** Nothing: there is none. */
  limitOf({ user, clientId }: QuotaSharer): number | undefined {
    if (user !== '' && clientId !== '') {
      return (
        this.#get(user, clientId) ??
        this.#get(user, null) ??
        this.#get(null, clientId) ??
        this.#get(null, null)
      )
    }
    if (user !== '') return this.#get(user, undefined) ?? this.#get(null, undefined)
    if (clientId !== '') return this.#get(undefined, clientId) ?? this.#get(undefined, null)
    return undefined
  }

  #has(user: string | null | undefined, clientId: string | null | undefined): boolean {
    return this.#limits.has(entityKey(user, clientId))
  }

  #get(user: string | null | undefined, clientId: string | null | undefined): number | undefined {
    return this.#limits.get(entityKey(user, clientId))
  }
}

function entityKey(user: string | null | undefined, clientId: string | null | undefined): string {
  return `${part(user)}/${part(clientId)}`
}

/** With its length, so that no name looks like two. */
function part(name: string | null | undefined): string {
  if (name === undefined) return ''
  return name === null ? '*' : `${name.length}:${name}`
}
