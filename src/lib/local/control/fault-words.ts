import type { FaultWish } from '../../broker/faults/parse-fault.ts'

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
