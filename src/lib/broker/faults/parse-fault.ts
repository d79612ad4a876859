import { UsageError } from '../../errors.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { nearest } from '../../values/nearest.ts'
import { mustBeAskable, type ServedApi } from './askable.ts'
import type { FaultEffects, FaultFilter, FaultRule, FaultTurns } from './fault-rule.ts'

type OneOrMore<T> = T | readonly T[]

/** A rule as somebody says it; what is left out filters nothing, or does nothing. */
export interface FaultWish {
  readonly api?: OneOrMore<string> | undefined
  readonly apiVersion?: number | string | undefined
  readonly topic?: OneOrMore<string> | undefined
  readonly partition?: OneOrMore<number> | undefined
  readonly group?: OneOrMore<string> | undefined
  readonly transactionalId?: OneOrMore<string> | undefined
  readonly clientId?: OneOrMore<string> | undefined
  readonly listener?: OneOrMore<string> | undefined
  readonly principal?: OneOrMore<string> | undefined
  readonly error?: string | undefined
  readonly latencyMs?: number | undefined
  readonly jitterMs?: number | undefined
  readonly disconnect?: boolean | undefined
  readonly drop?: boolean | undefined
  readonly throttleMs?: number | undefined
  readonly corrupt?: 'records' | 'frame' | undefined
  readonly bytesPerSecond?: number | undefined
  readonly after?: boolean | undefined
  readonly times?: number | undefined
  readonly skip?: number | undefined
  readonly every?: number | undefined
  readonly probability?: number | undefined
  readonly seed?: number | undefined
  readonly forMs?: number | undefined
}

const known: Readonly<Record<keyof FaultWish, true>> = {
  ...{ api: true, apiVersion: true, topic: true, partition: true, group: true, transactionalId: true },
  ...{ clientId: true, listener: true, principal: true, error: true, latencyMs: true, jitterMs: true },
  ...{ disconnect: true, drop: true, throttleMs: true, corrupt: true, bytesPerSecond: true, after: true },
  ...{ times: true, skip: true, every: true, probability: true, seed: true, forMs: true },
}
const LARGEST = 2 ** 31 - 1
const LARGEST_SEED = 2 ** 32 - 1
const LARGEST_KEY = 2 ** 15 - 1

export interface FaultWorld {
  readonly apis: readonly ServedApi[]
  readonly listeners: readonly string[]
  drawSeed(): number
}

/** Throws a UsageError for what is no rule, whoever says it: it may come from JSON. */
export function parseFault(said: FaultWish, { apis, listeners, drawSeed }: FaultWorld): FaultRule {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw invalid('a rule is an object')
  const wish = Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  ) as FaultWish
  for (const name of Object.keys(wish)) if (!Object.hasOwn(known, name)) throw unknownName(name)
  const names = apis.map(({ api }) => api.name)
  const rule = { filter: filterOf(wish, names), effects: effectsOf(wish), turns: turnsOf(wish, drawSeed) }
  mustFit(rule)
  const stray = rule.filter.listener.find((name) => !listeners.includes(name))
  if (stray !== undefined)
    throw invalid(`there is no listener ${stray} here`, `there is ${listeners.join(', ')}`)
  mustBeAskable(rule, apis)
  return rule
}

function filterOf(wish: FaultWish, apis: readonly string[]): FaultFilter {
  return {
    api: texts(wish, 'api').map((name) => apiNamed(name, apis)),
    apiVersion: wish.apiVersion === undefined ? null : versionsOf(wish.apiVersion),
    topic: texts(wish, 'topic'),
    partition: list(wish.partition).map((number) => whole('partition', number, 0, LARGEST)),
    group: texts(wish, 'group'),
    transactionalId: texts(wish, 'transactionalId'),
    clientId: texts(wish, 'clientId'),
    listener: texts(wish, 'listener').map((name) => name.toUpperCase()),
    principal: texts(wish, 'principal'),
  }
}

function effectsOf(wish: FaultWish): FaultEffects {
  const { error, corrupt, bytesPerSecond } = wish
  if (corrupt !== undefined && corrupt !== 'records' && corrupt !== 'frame')
    throw invalid('corrupt is "records" or "frame"')
  return {
    error: error === undefined ? null : errorNamed(error),
    latencyMs: whole('latencyMs', wish.latencyMs ?? 0, 0, LARGEST),
    jitterMs: whole('jitterMs', wish.jitterMs ?? 0, 0, LARGEST),
    disconnect: flag(wish, 'disconnect'),
    drop: flag(wish, 'drop'),
    throttleMs: whole('throttleMs', wish.throttleMs ?? 0, 0, LARGEST),
    corrupt: corrupt ?? null,
    bytesPerSecond: bytesPerSecond === undefined ? null : whole('bytesPerSecond', bytesPerSecond, 1, LARGEST),
    after: flag(wish, 'after'),
  }
}

function turnsOf(wish: FaultWish, drawSeed: () => number): FaultTurns {
  const { times, forMs, probability = 1, seed } = wish
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1))
    throw invalid('probability is a number from 0 to 1')
  return {
    times: times === undefined ? null : whole('times', times, 1, LARGEST),
    skip: whole('skip', wish.skip ?? 0, 0, LARGEST),
    every: whole('every', wish.every ?? 1, 1, LARGEST),
    probability,
    seed: whole('seed', seed ?? drawSeed(), 0, LARGEST_SEED),
    forMs: forMs === undefined ? null : whole('forMs', forMs, 1, Number.MAX_SAFE_INTEGER),
  }
}

function mustFit({ effects }: FaultRule): void {
  const { error, disconnect, drop, after, latencyMs, jitterMs, throttleMs, corrupt, bytesPerSecond } = effects
  const endings = [error !== null, disconnect, drop].filter((is) => is).length
  const others =
    latencyMs > 0 || jitterMs > 0 || throttleMs > 0 || corrupt !== null || bytesPerSecond !== null
  if (endings === 0 && !others)
    throw invalid(
      'a rule has something go wrong',
      'error, latency, disconnect, drop, throttle, corrupt or slow',
    )
  if (endings > 1) throw invalid('an error, a disconnection and a lost answer exclude each other')
  if (after && endings === 0) throw invalid('"after" goes with an error, a disconnection or a lost answer')
}

function apiNamed(name: string, apis: readonly string[]): string {
  const found = apis.find((api) => api.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  throw invalid(
    `the local broker serves no API "${name}"`,
    meant(name, apis) || 'ktool protocol apis has them all, by their names',
  )
}

function errorNamed(said: unknown): ErrorName {
  const name = String(said).toUpperCase()
  if (Object.hasOwn(errorCodes, name) && name !== 'NONE') return name as ErrorName
  const names = Object.keys(errorCodes).filter((one) => one !== 'NONE')
  const hint = meant(name, names) || 'ktool protocol errors has them all'
  throw invalid(`${JSON.stringify(said)} is no error of Kafka`, hint)
}

function versionsOf(said: number | string): { readonly min: number; readonly max: number } {
  const [, min, max = min] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(said)) ?? []
  if (min === undefined || Number(min) > Number(max))
    throw invalid(`${JSON.stringify(said)} is no version`, 'it is written like 9 or 3-9')
  return { min: Number(min), max: Math.min(Number(max), LARGEST_KEY) }
}

function texts(wish: FaultWish, name: keyof FaultWish): string[] {
  return list(wish[name]).map((value) => {
    if (typeof value === 'string' && value !== '') return value
    throw invalid(`${name} is text, or a list of texts`)
  })
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function flag(wish: FaultWish, name: 'disconnect' | 'drop' | 'after'): boolean {
  const value = wish[name] ?? false
  if (typeof value !== 'boolean') throw invalid(`${name} is true or false`)
  return value
}

function whole(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw invalid(`${name} is a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`)
}

function unknownName(name: string): UsageError {
  return invalid(`a rule has no "${name}"`, meant(name, Object.keys(known)))
}

function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near.length === 0 ? '' : `did you mean ${near.join(', or ')}?`
}

function invalid(message: string, hint = ''): UsageError {
  return new UsageError('invalid-fault', message, hint === '' ? {} : { hint })
}
