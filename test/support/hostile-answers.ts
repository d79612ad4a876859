import type { Api } from '../../src/lib/protocol/api.ts'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { apis } from '../../src/lib/protocol/registry.ts'
import type { Fields } from '../../src/lib/schema/field.ts'
import { type Draw, type FieldFacts, isWithin } from '../../src/lib/schema/kind.ts'
import type { ScriptedAnswer } from './scripted-peer.ts'

const MALICE = 0.06
const names = ['orders', 'g', 't', '1', 'min.insync.replicas']
const foulNames = [
  '',
  '\u001b]0;owned\u0007\u001b[2J',
  '__proto__',
  'a\r\nb\u009b31m',
  '\u0000',
  'é'.repeat(300),
]
const limits: Readonly<Record<string, readonly [min: number, max: number]>> = {
  int8: [-0x80, 0x7f],
  int16: [-0x8000, 0x7fff],
  uint16: [0, 0xffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint32: [0, 0xffff_ffff],
}

/** Every API, answered with what could be meant, and now and then with what no broker says. */
export function hostileAnswers(draw: Draw): ScriptedAnswer[] {
  return (apis as readonly Api[])
    .filter((api) => api.key !== apiVersions.key)
    .map((api) => ({
      api,
      versions: api.served() ?? api.versions,
      answer: (_, version) => structOf(api.response.fields, version, draw),
    }))
}

function structOf(fields: Fields, version: number, draw: Draw): Record<string, unknown> {
  const there = Object.entries(fields).filter(([, field]) => isWithin(field.versions, version))
  return Object.fromEntries(there.map(([name, field]) => [name, anyOf(name, field, version, draw)]))
}

function anyOf(name: string, field: FieldFacts, version: number, draw: Draw): unknown {
  const { kind, nullableVersions } = field
  if (isWithin(nullableVersions, version) && draw() < MALICE) return null
  if (kind.fields !== undefined) {
    const one = () => structOf(kind.fields as Fields, version, draw)
    return kind.name.startsWith('[]') ? some(one, draw) : one()
  }
  const one = () => plain(name, kind.name.replace('[]', ''), draw)
  return kind.name.startsWith('[]') ? some(one, draw) : one()
}

function some<T>(one: () => T, draw: Draw): T[] {
  return Array.from({ length: draw() < MALICE ? 0 : 1 + Math.floor(draw() * 3) }, one)
}

function plain(name: string, kind: string, draw: Draw): unknown {
  const isFoul = draw() < MALICE
  const range = limits[kind]
  if (range !== undefined) return isFoul ? pick([...range, -1, -2, 99_999], draw, range) : usual(name, draw)
  switch (kind) {
    case 'bool':
      return draw() < 0.3
    case 'float64':
      return isFoul ? pick([Number.NaN, Number.NEGATIVE_INFINITY, -1], draw) : draw() * 100
    case 'int64':
      return isFoul
        ? pick([2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -2n], draw)
        : BigInt(usual(name, draw))
    case 'uuid':
      return draw() < 0.5 ? 'AAAAAAAAAAAAAAAAAAAAAg' : 'AAAAAAAAAAAAAAAAAAAAAA'
    case 'string':
      return isFoul ? pick(foulNames, draw) : pick(names, draw)
    default:
      return Buffer.from(Array.from({ length: Math.floor(draw() * 40) }, () => Math.floor(draw() * 256)))
  }
}

/** Error codes that are none, nodes that are there, small partitions: else nothing would get far. */
function usual(name: string, draw: Draw): number {
  if (/errorCode/i.test(name)) return 0
  if (/node|broker|leaderId|replica|isr|controller|coordinatorId/i.test(name)) return 1
  return Math.floor(draw() * 3)
}

function pick<T>(from: readonly T[], draw: Draw, range?: readonly [number, number]): T {
  const value = from[Math.floor(draw() * from.length)] as T
  const fits = range === undefined || (Number(value) >= range[0] && Number(value) <= range[1])
  return fits ? value : (range[0] as T)
}
