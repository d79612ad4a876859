import { expect, vi } from 'vitest'
import { findCoordinator } from '../../../src/lib/protocol/apis/find-coordinator.ts'
import type { Connection } from './connection.ts'

export const GROUP = 0
export const TRANSACTION = 1
/** Of a partition that a share group reads: group, topic id and number, with colons between. */
export const SHARE = 2
const FIRST_WITH_SHARE = 6

/** The question makes Kafka create the topic that the coordinator keeps its state in. */
export async function untilCoordinated(
  connection: Connection,
  keyType: number,
  keys: string[],
): Promise<void> {
  const version = keyType === SHARE ? FIRST_WITH_SHARE : 4
  await eventually(async () => {
    const found = await connection.ask(findCoordinator, version, { keyType, coordinatorKeys: keys })
    expect(found.coordinators.map(({ errorCode }) => errorCode)).toEqual(keys.map(() => 0))
  })
}

/** For what Kafka needs a moment for: asks again until it agrees. */
export function eventually<T>(ask: () => Promise<T>): Promise<T> {
  return vi.waitFor(ask, { timeout: 30_000, interval: 100 })
}
