import { alterQuotasChange } from '../../lib/changes/quotas/alter-quotas.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { entityFlags, entityOf } from '../../lib/cli/quota-flags.ts'
import { mustBeEntity, parseQuotaValues, planSetQuotas } from '../../lib/operations/quotas/plan-quotas.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class QuotasSet extends ChangingCommand {
  static override summary = 'Set quotas of a user, a client id or an address.'

  static override description = [
    'producer_byte_rate and consumer_byte_rate are bytes a second and broker, request_percentage is of one thread,',
    'controller_mutation_rate partitions a second, connection_creation_rate (of addresses) connections a second. Limits',
    "that are not named stay as they are; '<default>' is everybody without a quota of his own.",
  ].join(' ')

  static override examples = [
    '<%= config.bin %> quotas set --user alice producer_byte_rate=1048576 -b kafka1:9092',
    {
      description: 'For every client without a quota',
      command:
        "<%= config.bin %> quotas set --client-id '<default>' consumer_byte_rate=5242880 -c staging --dry-run",
    },
  ]

  static override args = {
    limits: argumentList({ description: 'producer_byte_rate=1048576 …', required: true }),
  }

  static override flags = { ...entityFlags, ...clusterFlags, ...changeFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(QuotasSet)
    const entity = entityOf(flags)
    mustBeEntity(entity)
    const values = parseQuotaValues(args.limits ?? [])
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterQuotasChange(changers.quotas), (origin) =>
      planSetQuotas(changers.quotas, entity, values, origin),
    )
  }
}
