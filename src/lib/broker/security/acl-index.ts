import type { Acl } from '../../model/acls.ts'

/** Entries by what they are about, so that those for one name are found without a look at all others. */
export class AclIndex {
  readonly #types = new Map<string, OfType>()

  constructor(acls: Iterable<Acl>) {
    for (const acl of acls) this.#ofType(acl.resourceType).add(acl)
  }

  /** Those that hold for the resource, whomever they let do what. */
  about(resourceType: string, name: string): readonly Acl[] {
    return this.#types.get(resourceType)?.about(name) ?? []
  }

  ofType(resourceType: string): readonly Acl[] {
    return this.#types.get(resourceType)?.all ?? []
  }

  #ofType(type: string): OfType {
    const known = this.#types.get(type)
    if (known !== undefined) return known
    const made = new OfType()
    this.#types.set(type, made)
    return made
  }
}

const EVERY_NAME = '*'

class OfType {
  readonly all: Acl[] = []
  readonly #literal = new Map<string, Acl[]>()
  readonly #prefixed = new Map<string, Acl[]>()
  /** Of prefixes: a name has but one of each. */
  readonly #lengths = new Set<number>()

  add(acl: Acl): void {
    this.all.push(acl)
    const isPrefix = acl.patternType === 'PREFIXED'
    const names = isPrefix ? this.#prefixed : this.#literal
    if (isPrefix) this.#lengths.add(acl.resourceName.length)
    const same = names.get(acl.resourceName)
    if (same === undefined) names.set(acl.resourceName, [acl])
    else same.push(acl)
  }

  about(name: string): readonly Acl[] {
    const found = [...(this.#literal.get(name) ?? [])]
    if (name !== EVERY_NAME) found.push(...(this.#literal.get(EVERY_NAME) ?? []))
    for (const length of this.#lengths) {
      if (length <= name.length) found.push(...(this.#prefixed.get(name.slice(0, length)) ?? []))
    }
    return found
  }
}
