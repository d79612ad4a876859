import { listOf } from '../config-checks.ts'
import { type ConfigDefinition, int, list } from '../config-definition.ts'

/** One subscription to the metrics of clients (KIP-714). */
export const clientMetricsConfigs: readonly ConfigDefinition[] = [
  list('metrics', '').check(listOf()),
  int('interval.ms', 300_000),
  list('match', '').check(listOf()),
]
