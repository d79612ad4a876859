import type { Field, Fields } from './field.ts'
import { type At, type Codec, isWithin } from './kind.ts'
import { fieldOf, type StructValue } from './struct-value.ts'

/** A field as one version lays it out. */
export interface Member {
  readonly name: string
  readonly field: Field<unknown>
  readonly codec: Codec<unknown>
}

/** Everything that one version of a struct needs, worked out once. */
export interface Layout {
  readonly flexible: boolean
  readonly version: number
  /** In wire order. */
  readonly members: readonly Member[]
  readonly tagged: ReadonlyMap<number, Member>
  /** Both, as the definition has them: Kafka's JSON keeps that order. */
  readonly inOrder: readonly Member[]
  /** Fields this version lacks and whose loss Kafka does not allow to pass silently. */
  readonly unwritable: readonly { readonly name: string; readonly field: Field<unknown> }[]
  /** Every field at its default: what decoding starts from, so that all versions share one shape. */
  readonly template: StructValue
  /** Absent fields whose default is an object, and must be made anew for each value. */
  readonly freshDefaults: readonly { readonly name: string; readonly field: Field<unknown> }[]
}

export function layOut(fields: Fields, at: At): Layout {
  const inOrder: Member[] = []
  const absent: { name: string; field: Field<unknown> }[] = []
  const template: StructValue = {}
  for (const name of Object.keys(fields)) {
    const field = fieldOf(fields, name)
    template[name] = field.defaultValue
    if (!isWithin(field.versions, at.version)) absent.push({ name, field })
    else inOrder.push({ name, field, codec: codecFor(field, at) })
  }
  const tagged = inOrder.filter(({ field }) => field.tag !== undefined)
  const defaulted = [...absent, ...tagged]
  return {
    flexible: at.flexible,
    version: at.version,
    members: inOrder.filter(({ field }) => field.tag === undefined),
    tagged: new Map(tagged.map((member) => [member.field.tag as number, member])),
    inOrder,
    unwritable: absent.filter(({ field }) => !field.isIgnorable),
    template,
    freshDefaults: defaulted.filter(({ field }) => isObject(field.defaultValue)),
  }
}

function codecFor(field: Field<unknown>, at: At): Codec<unknown> {
  return field.kind.codec({
    version: at.version,
    flexible: at.flexible && !field.isNeverCompact,
    nullable: isWithin(field.nullableVersions, at.version),
    tagged: field.tag !== undefined,
  })
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
