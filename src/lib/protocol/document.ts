import { FailedError } from '../errors.ts'
import { documentFields, type FieldDocument } from '../schema/document.ts'
import type { VersionRange } from '../schema/kind.ts'
import type { Message } from '../schema/message.ts'
import { formatVersions } from '../schema/versions.ts'
import type { Api } from './api.ts'
import { findHeader } from './headers.ts'
import { findLogRecord } from './log-records.ts'
import { findApi, similarApis } from './registry.ts'
import { advertisedVersions, releases } from './releases.ts'

export type { FieldDocument } from '../schema/document.ts'

/** The documentation of whatever Kafka calls `name`: an API, a record of its own logs, or a header. */
export function documentByName(name: string, version?: number): FieldDocument[] {
  const api = findApi(name)
  if (api !== undefined) return documentApi(api, version)
  const record = findLogRecord(name)
  if (record !== undefined)
    return documentMessage(record.message, name, version, recordAbout(record.framing, record.key))
  const header = findHeader(name)
  if (header !== undefined) return documentMessage(header, name, version, null)
  throw unknown(name)
}

function unknown(name: string): FailedError {
  const similar = similarApis(name)
  return new FailedError('unknown-api', `Kafka has no API, record or header called ${name}`, {
    hint: similar.length > 0 ? `did you mean ${similar.join(', ')}?` : '`ktool protocol apis` lists the APIs',
  })
}

function documentApi(api: Api, version: number | undefined): FieldDocument[] {
  const range = rangeOf(api.request as Message, version)
  const top = heading(api.name, `api ${api.key}`, range, aboutApi(api))
  const parts = (['request', 'response'] as const).flatMap((direction) => [
    { ...heading(direction, 'message', range, aboutHeader(api, direction)), depth: 1 },
    ...documentFields(api[direction].fields, range, direction, 2),
  ])
  return [top, ...parts]
}

function documentMessage(
  message: Message,
  name: string,
  version: number | undefined,
  about: string | null,
): FieldDocument[] {
  const range = rangeOf(message, version)
  return [heading(name, 'record', range, about), ...documentFields(message.fields, range, '', 1)]
}

function rangeOf(message: Message, version: number | undefined): VersionRange {
  if (version === undefined) return message.versions
  message.codec(version)
  return { min: version, max: version }
}

function heading(name: string, type: string, range: VersionRange, about: string | null): FieldDocument {
  const versions = formatVersions(range)
  return {
    path: name,
    depth: 0,
    name,
    type,
    versions,
    nullable: null,
    tag: null,
    default: null,
    ignorable: false,
    about,
  }
}

function aboutApi(api: Api): string {
  const facts = [
    Number.isFinite(api.flexibleFrom) ? `flexible from ${api.flexibleFrom}` : 'never flexible',
    api.dropped === undefined ? undefined : `dropped by Kafka 4: ${formatVersions(api.dropped)}`,
    api.unstable === undefined ? undefined : `unstable: ${api.unstable}`,
    `served by ${api.listeners.join(', ')}`,
    ...releases.map((release) => {
      const range = advertisedVersions(release, api.key)
      return range && `${release} says ${formatVersions(range)}`
    }),
  ]
  return facts.filter((fact) => fact !== undefined).join('; ')
}

/** `header v1; v2 from 9`: the versions at which the header changes. */
function aboutHeader(api: Api, direction: 'request' | 'response'): string {
  const { min, max } = api.versions
  const changes: string[] = []
  let last: number | undefined
  for (let version = min; version <= max; version++) {
    const header =
      direction === 'request' ? api.requestHeaderVersion(version) : api.responseHeaderVersion(version)
    if (header !== last) changes.push(last === undefined ? `header v${header}` : `v${header} from ${version}`)
    last = header
  }
  return changes.join('; ')
}

const framings = {
  none: 'nothing stands in front',
  version: 'behind its version, an int16',
  type: 'behind its type, an int16',
  metadata: 'behind frame version, type and version, unsigned varints',
}

function recordAbout(framing: keyof typeof framings, key: number | undefined): string {
  return key === undefined ? framings[framing] : `type ${key}; ${framings[framing]}`
}
