import { optionalArgument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { KtoolError, UsageError } from '../../lib/errors.ts'
import { served } from '../../lib/model/views.ts'
import { clusterHealth, healthTrouble } from '../../lib/operations/cluster-health.ts'
import type { HealthCheck } from '../../lib/operations/health/health-check.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'
import { lookUntil } from '../../lib/ports/pause.ts'
import { parseDuration } from '../../lib/values/durations.ts'

const colours = { ok: 'green', info: undefined, unknown: 'yellow', trouble: 'red' } as const

const shape: Shape<HealthCheck> = {
  version: 1,
  name: ({ check }) => check,
  metrics: [
    {
      name: 'ktool_cluster_health_findings',
      type: 'gauge',
      help: 'How many there are of what a check of the cluster looks for.',
      key: 'count',
      labels: ['check', 'state'],
    },
  ],
  columns: [
    column('check', { folds: true }),
    column('state', { colour: ({ state }) => colours[state] }),
    column('count', { kind: 'number' }),
    column('detail', { standsLast: true, folds: true }),
  ],
}

/** A poll is over soon, whatever hangs: the next one comes at once. */
const POLL_TIMEOUT_MS = 10_000
const PAUSE_MS = 1000

export class ClusterHealth extends BaseCommand {
  static override summary = 'Tell whether a cluster is well; exit 3 if it is not.'

  static override description = [
    'Brokers that do not answer or are fenced, the metadata quorum, partitions without a leader, under',
    'min.insync.replicas, under-replicated or with offline replicas, log directories that are offline: any of them is',
    'trouble. Good to know, and no trouble: partitions just at their minimum, leaders that are not the preferred ones,',
    'moves, full volumes. What you may not ask is unknown. A broker that hangs takes half of --timeout at most, which',
    'is 10s here if not said.',
    '\n\nWith --wait it asks again every second, over new connections, until all is well, for as long as a DURATION',
    'behind it says: `--wait 5m`; then the exit code is 3, or 5 if nobody answered at all.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster health -b kafka1:9092',
    {
      description: 'Before the next broker of a rolling restart',
      command: '<%= config.bin %> cluster health --wait 10m -c prod -q && ./restart-next',
    },
    {
      description: 'For an alarm',
      command: '<%= config.bin %> cluster health -c prod -o prom',
    },
  ]

  static override args = {
    duration: optionalArgument({ description: 'with --wait: how long; for ever if it is not said' }),
  }

  static override flags = {
    wait: boolean({ char: 'w', summary: 'Wait until all is well.' }),
    ...clusterFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ClusterHealth)
    if (args.duration !== undefined && !flags.wait) {
      throw new UsageError('not-waiting', `"${args.duration}" says how long to wait, and only --wait does`)
    }
    const waitMs = flags.wait ? durationOf(args.duration) : 0
    const checks = await this.#whenWell({ ...flags, timeout: flags.timeout ?? POLL_TIMEOUT_MS }, waitMs)
    const trouble = healthTrouble(checks)
    return list(shape, checks, trouble === undefined ? {} : { trouble })
  }

  async #whenWell(flags: Parameters<typeof openCluster>[0], waitMs: number): Promise<readonly HealthCheck[]> {
    const found = await lookUntil(() => this.#look(flags), isWell, {
      clock: this.surroundings.clock,
      everyMs: PAUSE_MS,
      timeoutMs: waitMs,
    })
    if (found instanceof KtoolError) throw found
    return found
  }

  /** A cluster that nobody answers for may be about to start. */
  async #look(flags: Parameters<typeof openCluster>[0]): Promise<readonly HealthCheck[] | KtoolError> {
    const { state, views, cluster } = await openCluster(flags, this.surroundings)
    try {
      await cluster.any()
      return await clusterHealth(state, served(views.topics))
    } catch (error) {
      if (error instanceof KtoolError) return error
      throw error
    } finally {
      await cluster.close()
    }
  }
}

function isWell(found: readonly HealthCheck[] | KtoolError): boolean {
  return !(found instanceof KtoolError) && healthTrouble(found) === undefined
}

function durationOf(text: string | undefined): number {
  return text === undefined ? Number.POSITIVE_INFINITY : parseDuration(text)
}
