import { type FieldFacts, isWithin, type VersionRange } from './kind.ts'
import { formatVersions } from './versions.ts'

/** What the documentation says of one field; fields of a struct follow it, one level deeper. */
export interface FieldDocument {
  readonly path: string
  readonly depth: number
  readonly name: string
  readonly type: string
  readonly versions: string
  readonly nullable: string | null
  readonly tag: number | null
  readonly default: string | null
  readonly ignorable: boolean
  readonly about: string | null
}

/** Documents the fields that exist somewhere in `range`; a single version leaves out what it lacks. */
export function documentFields(
  fields: Readonly<Record<string, FieldFacts>>,
  range: VersionRange,
  parent = '',
  depth = 0,
): FieldDocument[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const versions = overlap(field.versions, range)
    if (versions === undefined) return []
    const path = parent === '' ? name : `${parent}.${name}`
    const inner =
      field.kind.fields === undefined ? [] : documentFields(field.kind.fields, versions, path, depth + 1)
    return [documentField(path, depth, name, field, versions), ...inner]
  })
}

function documentField(
  path: string,
  depth: number,
  name: string,
  field: FieldFacts,
  versions: VersionRange,
): FieldDocument {
  const nullable = overlap(field.nullableVersions, versions)
  return {
    path,
    depth,
    name,
    type: field.kind.name,
    versions: formatVersions(versions),
    nullable: nullable === undefined ? null : formatVersions(nullable),
    tag: field.tag ?? null,
    default: field.hasOwnDefault ? formatDefault(field.defaultValue) : null,
    ignorable: field.isIgnorable,
    about: field.aboutText ?? null,
  }
}

function overlap(a: VersionRange, b: VersionRange): VersionRange | undefined {
  const range = { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) }
  return isWithin(range, range.min) ? range : undefined
}

function formatDefault(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
