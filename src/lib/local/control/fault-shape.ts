import type { StandingFault } from '../../broker/faults/fault-rule.ts'
import { column, computed, type Shape } from '../../output/shape.ts'
import type { Value } from '../../output/value.ts'
import { formatDuration } from '../../values/durations.ts'

const machinesOnly = { isInTable: false, isInBlock: false }

/** A rule of the local broker's. */
export const faultShape: Shape<StandingFault> = {
  version: 1,
  name: ({ id }) => String(id),
  columns: [
    column('id', { kind: 'number' }),
    column('state', { colour: ({ state }) => (state === 'active' ? 'yellow' : 'dim') }),
    computed('requests', requestWords),
    computed('fault', faultWords),
    computed('strikes', turnWords),
    column('matched', { kind: 'number' }),
    column('applied', { kind: 'number' }),
    computed('filter', ({ filter }) => filter as unknown as Value, machinesOnly),
    computed('effects', ({ effects }) => effects as unknown as Value, machinesOnly),
    computed('turns', ({ turns }) => turns as unknown as Value, machinesOnly),
  ],
}

function requestWords({ filter }: StandingFault): string {
  const { apiVersion, api, topic, partition, group, transactionalId, clientId, listener, principal } = filter
  const { min, max } = apiVersion ?? { min: 0, max: 0 }
  const versions = apiVersion === null ? [] : [min === max ? `version ${min}` : `versions ${min}-${max}`]
  const named: [string, readonly (string | number)[]][] = [
    ['', api],
    ['', versions],
    ['topic ', topic],
    ['partition ', partition],
    ['group ', group],
    ['transactional id ', transactionalId],
    ['client id ', clientId],
    ['listener ', listener],
    ['', principal],
  ]
  const words = named
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}${values.join('|')}`)
  return words.length === 0 ? 'all' : words.join(', ')
}

function faultWords({ effects }: StandingFault): string {
  const { error, latencyMs, jitterMs, disconnect, drop, throttleMs, corrupt, bytesPerSecond, after } = effects
  const words = [
    error,
    disconnect ? 'disconnect' : null,
    drop ? 'drop' : null,
    latencyMs + jitterMs === 0 ? null : `latency ${spread(latencyMs, jitterMs)}`,
    throttleMs === 0 ? null : `throttle ${formatDuration(throttleMs)}`,
    corrupt === null ? null : `corrupt ${corrupt}`,
    bytesPerSecond === null ? null : `slow ${bytesPerSecond} bytes/s`,
  ]
  return words.filter((word) => word !== null).join(', ') + (after ? ', after it is done' : '')
}

function spread(latencyMs: number, jitterMs: number): string {
  const from = formatDuration(latencyMs)
  return jitterMs === 0 ? from : `${from}-${formatDuration(latencyMs + jitterMs)}`
}

function turnWords({ turns }: StandingFault): string {
  const { times, skip, every, probability, seed, forMs } = turns
  const words = [
    skip === 0 ? null : `after ${skip}`,
    every === 1 ? null : `every ${every}.`,
    probability === 1 ? null : `${probability * 100}% (seed ${seed})`,
    times === null ? null : times === 1 ? 'once' : `${times} times`,
    forMs === null ? null : `for ${formatDuration(forMs)}`,
  ].filter((word) => word !== null)
  return words.length === 0 ? 'always' : words.join(', ')
}
