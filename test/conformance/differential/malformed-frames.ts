import type { Api } from '../../../src/lib/protocol/api.ts'
import { randomRequest } from '../../replay/random-requests.ts'
import { type Draw, pick, type World } from '../../replay/random-world.ts'
import type { ServedApi } from '../../replay/served-versions.ts'

/** Frames that follow each other on one connection, without waiting. */
export interface Case {
  readonly name: string
  readonly frames: readonly Buffer[]
}

interface Parts {
  readonly api: Api
  readonly version: number
  readonly body: Buffer
}

const PRODUCE = 0
const API_VERSIONS = 18
/** Before there was a dry run it would be done. */
const firstVersions = new Map([[57, 1]])
/** APIs of which nobody is hurt by a byte that is another. */
const harmless = new Set([
  2, 3, 8, 9, 10, 12, 13, 14, 15, 16, 18, 23, 29, 32, 35, 46, 47, 48, 50, 55, 60, 61, 65, 66,
])
/** Of brokers that are no more, of controllers, of nobody. */
const elsewhere = [4, 5, 6, 7, 52, 53, 54, 56, 58, 59, 62, 63, 67, 70, 73, 82, 93, 999, -1, 32_767, -32_768]
const LONG = 20_000
/** A broker writes these anew for its controller, and stumbles over tags that are not in order: then it says nothing, or -1. */
const forwarded = new Set([19, 20, 30, 31, 33, 37, 38, 39, 40, 43, 44, 45, 46, 49, 51, 55, 57, 64, 80, 81])

/** ApiVersions 0: whether anybody listens still. */
export const canary: Buffer = frameOf(Buffer.from('0012000000000007ffff', 'hex'))

export function malformedCase(rows: readonly ServedApi[], world: World, draw: Draw): Case {
  const { api, minVersion, maxVersion } = pick(draw, rows)
  const from = Math.max(minVersion, firstVersions.get(api.key) ?? 0)
  const version = from + Math.floor(draw() * (maxVersion - from + 1))
  const json = randomRequest(api, version, world, draw)
  const body = api.request.encode(api.request.fromJson(json, version), version)
  const { name, frames } = pick(draw, makers)({ api, version, body }, draw)
  return { name: `${api.name} v${version}, ${name}`, frames }
}

type Maker = (parts: Parts, draw: Draw) => Case

const makers: readonly Maker[] = [
  otherVersion,
  otherVersion,
  unknownKey,
  trailing,
  cut,
  cut,
  clientIds,
  clientIds,
  headerTags,
  headerTags,
  otherHeader,
  bodyTags,
  bodyTags,
  hugeLengths,
  hugeLengths,
  shortFrame,
  pipelined,
  withoutAnswer,
]

function otherVersion({ api, version, body }: Parts, draw: Draw): Case {
  const other = pick(draw, [version + 1, version - 1, 99, -1, 32_767, -32_768])
  return one(`as version ${other}`, Buffer.concat([head({ api, version, as: other }), body]))
}

function unknownKey({ version, body }: Parts, draw: Draw): Case {
  const key = pick(draw, elsewhere)
  const bytes = Buffer.alloc(10)
  bytes.writeInt16BE(key, 0)
  bytes.writeInt16BE(pick(draw, [0, 0, version]), 2)
  bytes.writeInt16BE(-1, 8)
  return one(`to key ${key}`, Buffer.concat([bytes, body]))
}

function trailing(parts: Parts, draw: Draw): Case {
  const more = Buffer.alloc(1 + Math.floor(draw() * 40), pick(draw, [0, 1, 0xff]))
  return one(`${more.length} bytes more`, Buffer.concat([head(parts), parts.body, more]))
}

function cut(parts: Parts, draw: Draw): Case {
  const bytes = Buffer.concat([head(parts), parts.body])
  const left = Math.floor(draw() * bytes.length)
  return one(`cut to ${left} of ${bytes.length}`, bytes.subarray(0, left))
}

function clientIds(parts: Parts, draw: Draw): Case {
  const [name, clientId] = pick<readonly [string, Buffer | number]>(draw, [
    ['no client id', -1],
    ['a client id of -2 bytes', -2],
    ['a client id of -32768 bytes', -32_768],
    ['an empty client id', Buffer.alloc(0)],
    ['a client id that is no UTF-8', Buffer.from('c328ff', 'hex')],
    ['a client id with a zero', Buffer.from('a\0b')],
    ['a long client id', Buffer.alloc(LONG, 'x')],
    ['a client id longer than the frame', 32_767],
  ])
  const correlationId = pick(draw, [1, 0, -1, -2_147_483_648, 2_147_483_647])
  return one(
    `${name}, correlation id ${correlationId}`,
    Buffer.concat([head({ ...parts, clientId, correlationId }), parts.body]),
  )
}

/** Tagged fields of a header or of the end of a body: their count, then number, size and bytes of each. */
const tags: readonly (readonly [string, string])[] = [
  ['an unknown tag', '01 63 02 abcd'],
  ['an empty unknown tag', '01 63 00'],
  ['a tag twice', '02 63 00 63 00'],
  ['tags out of order', '02 63 00 62 00'],
  ['a tag longer than the frame', '01 63 ffff7f 00'],
  ['a tag of negative size', '01 63 ffffffff0f'],
  ['more tags than there are', '05 63 00'],
  ['a negative count of tags', 'ffffffff0f'],
  ['a count that does not end', 'ffffffffffff'],
  ['a huge tag', '01 ffffffff0f 00'],
]

function tagsFor({ api }: Parts, draw: Draw): readonly [string, string] {
  return pick(draw, forwarded.has(api.key) ? tags.filter(([name]) => !/twice|out of order/.test(name)) : tags)
}

function headerTags(parts: Parts, draw: Draw): Case {
  const [name, hex] = tagsFor(parts, draw)
  if (parts.api.requestHeaderVersion(parts.version) < 2) return trailing(parts, draw)
  return one(`${name} in the header`, Buffer.concat([head({ ...parts, tags: bytesOf(hex) }), parts.body]))
}

function bodyTags(parts: Parts, draw: Draw): Case {
  const [name, hex] = tagsFor(parts, draw)
  const { body } = parts
  if (parts.api.requestHeaderVersion(parts.version) < 2 || body.at(-1) !== 0) return trailing(parts, draw)
  return one(
    `${name} in the body`,
    Buffer.concat([head(parts), body.subarray(0, body.length - 1), bytesOf(hex)]),
  )
}

function otherHeader(parts: Parts): Case {
  const isFlexible = parts.api.requestHeaderVersion(parts.version) >= 2
  const tagged = isFlexible ? Buffer.alloc(0) : Buffer.of(0)
  return one(
    isFlexible ? 'a header without tags' : 'a header with tags',
    Buffer.concat([head({ ...parts, tags: tagged }), parts.body]),
  )
}

function hugeLengths(parts: Parts, draw: Draw): Case {
  const { api, body } = parts
  if (!harmless.has(api.key) || body.length < 5) return cut(parts, draw)
  const hex = pick(draw, [
    'ffffffff',
    '7fffffff',
    '80000000',
    'fffffffe',
    '00000000',
    'ff',
    '7f',
    '00',
    'ffff',
  ])
  const damage = bytesOf(hex)
  const at = Math.floor(draw() * (body.length - damage.length))
  const damaged = Buffer.from(body)
  damage.copy(damaged, at)
  return one(`${hex} at ${at} of ${body.length}`, Buffer.concat([head(parts), damaged]))
}

function shortFrame({ api, version }: Parts, draw: Draw): Case {
  const bytes = head({ api, version })
  const left = Math.floor(draw() * 10)
  return one(`a frame of ${left} bytes`, bytes.subarray(0, left))
}

function pipelined(parts: Parts, draw: Draw): Case {
  const good = frameOf(Buffer.concat([head(parts), parts.body]))
  const bad = pick(draw, [cut, otherVersion, unknownKey])(parts, draw)
  return { name: `behind a good one: ${bad.name}`, frames: [good, ...bad.frames, good] }
}

/** A producer that waits for no answer hears of trouble by the end of its connection. */
function withoutAnswer(parts: Parts, draw: Draw): Case {
  if (parts.api.key !== PRODUCE) return pipelined(parts, draw)
  const { api, version, body } = parts
  const value = api.request.decode(body, version)
  const quiet = api.request.encode({ ...value, acks: 0 } as typeof value, version)
  return one('without an answer', Buffer.concat([head({ api, version }), quiet]))
}

interface Head {
  readonly api: Api
  readonly version: number
  /** What it says its version is. */
  readonly as?: number
  /** Its bytes, or a length without any. */
  readonly clientId?: Buffer | number
  readonly correlationId?: number
  readonly tags?: Buffer
}

function head({ api, version, as = version, clientId = Buffer.from('malformed'), ...more }: Head): Buffer {
  const { correlationId = 5, tags = api.requestHeaderVersion(version) < 2 ? Buffer.alloc(0) : Buffer.of(0) } =
    more
  const fixed = Buffer.alloc(10)
  fixed.writeInt16BE(api.key, 0)
  fixed.writeInt16BE(as, 2)
  fixed.writeInt32BE(correlationId, 4)
  fixed.writeInt16BE(typeof clientId === 'number' ? clientId : clientId.length, 8)
  return Buffer.concat([fixed, typeof clientId === 'number' ? Buffer.alloc(0) : clientId, tags])
}

function one(name: string, bytes: Buffer): Case {
  return { name, frames: [frameOf(bytes)] }
}

function frameOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex')
}

/** At which version the answer to a frame is; ApiVersions from the future is answered at 0. */
export function answeredVersion(frame: Buffer, rows: readonly ServedApi[]): number {
  const [key, version] = [frame.readInt16BE(4), frame.readInt16BE(6)]
  const row = rows.find(({ api }) => api.key === key)
  const isKnown = row !== undefined && version >= row.minVersion && version <= row.maxVersion
  return key === API_VERSIONS && !isKnown ? 0 : version
}
