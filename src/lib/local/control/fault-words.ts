import type { FaultWish } from '../../broker/faults/parse-fault.ts'
import { formatDuration } from '../../values/durations.ts'

interface FaultWords {
  readonly [name: string]: unknown
}

/** What was typed, as the broker takes it. */
export function faultOf(flags: FaultWords): FaultWish {
  const { api, topic, partition, group, listener, principal, error, disconnect, drop, corrupt, after } = flags
  const { times, skip, every, probability, seed } = flags
  return {
    ...{ api, topic, partition, group, listener, principal, error, corrupt },
    ...{ times, skip, every, probability, seed },
    apiVersion: flags['api-version'],
    transactionalId: flags['transactional-id'],
    clientId: flags['client-id'],
    latencyMs: flags.latency,
    jitterMs: flags.jitter,
    throttleMs: flags.throttle,
    bytesPerSecond: flags.slow,
    forMs: flags.for,
    ...(disconnect === true ? { disconnect } : {}),
    ...(drop === true ? { drop } : {}),
    ...(after === true ? { after } : {}),
  } as FaultWish
}

const flagsByName: Readonly<Record<string, string>> = {
  apiVersion: 'api-version',
  transactionalId: 'transactional-id',
  clientId: 'client-id',
  latencyMs: 'latency',
  jitterMs: 'jitter',
  throttleMs: 'throttle',
  bytesPerSecond: 'slow',
  forMs: 'for',
}

/** What the broker refuses, by the flags that were typed: it knows them by the names of JSON, and durations in milliseconds. */
export function inFlags(message: string): string {
  return message.replace(
    /^(\w+) is a whole number from (\d+) to (\d+), not (\d+)$/,
    (whole, name: string, min: string, max: string, value: string) => {
      const flag = flagsByName[name]
      if (flag === undefined) return whole
      return name.endsWith('Ms')
        ? `--${flag} is ${formatDuration(Number(min))} to ${formatDuration(Number(max))}, not ${formatDuration(Number(value))}`
        : `--${flag} is a whole number from ${min} to ${max}, not ${value}`
    },
  )
}
