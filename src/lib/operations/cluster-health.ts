import { CheckFailed, KtoolError } from '../errors.ts'
import type { ClusterStateView } from '../model/cluster-state.ts'
import type { TopicsView } from '../model/topics.ts'
import { brokerChecks, logDirChecks, quorumChecks } from './health/cluster-checks.ts'
import type { HealthCheck } from './health/health-check.ts'
import { partitionChecks } from './health/partition-checks.ts'

/** Whatever can be wrong with a cluster, each thing looked at, however the others ended. */
export async function clusterHealth(
  state: ClusterStateView,
  topics: TopicsView,
): Promise<readonly HealthCheck[]> {
  const found = await Promise.all([
    orUnknown('brokers', async () => brokerChecks(await state.brokers())),
    orUnknown('quorum', async () => quorumChecks(await state.quorum())),
    orUnknown('partitions', async () => {
      const names = (await topics.list()).map(({ topic }) => topic)
      const detail = { elr: false, configs: 'minIsr', offsets: false, sizes: false } as const
      return partitionChecks(names.length === 0 ? [] : await topics.describe(names, detail))
    }),
    orUnknown('log directories', async () => logDirChecks(await state.logDirs())),
  ])
  return found.flat()
}

/** Before KRaft there was no quorum, and whoever may not ask cannot know: neither says that something is wrong. */
const harmless = new Set(['no-quorum', 'not-supported-by-broker'])

async function orUnknown(
  check: string,
  look: () => Promise<readonly HealthCheck[]>,
): Promise<readonly HealthCheck[]> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    const isHarmless = harmless.has(error.code) || error.exitCode === 4
    return [{ check, state: isHarmless ? 'unknown' : 'trouble', count: null, detail: error.message }]
  }
}

export function healthTrouble(checks: readonly HealthCheck[]): CheckFailed | undefined {
  const ill = checks.filter(({ state }) => state === 'trouble').map(({ check }) => check)
  if (ill.length === 0) return undefined
  return new CheckFailed('unhealthy', `the cluster is not healthy: ${ill.join(', ')}`, {
    details: { checks: ill },
  })
}
