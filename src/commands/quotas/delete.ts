import { alterQuotasChange } from '../../lib/changes/quotas/alter-quotas.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { entityFlags, entityOf } from '../../lib/cli/quota-flags.ts'
import { mustBeEntity, planDeletedQuotas } from '../../lib/operations/quotas/plan-quotas.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class QuotasDelete extends ChangingCommand {
  static override summary = 'Delete quotas of a user, a client id or an address.'

  static override description =
    'The limits that are named, or all of that one entity. Those of the same user with some client id are of another entity.'

  static override examples = [
    '<%= config.bin %> quotas delete --user alice producer_byte_rate -b kafka1:9092',
    {
      description: 'All that is set for one client of one user',
      command: '<%= config.bin %> quotas delete --user alice --client-id app -c staging --dry-run',
    },
  ]

  static override args = {
    limits: argumentList({ description: 'producer_byte_rate …; all of them if none is given' }),
  }

  static override flags = { ...entityFlags, ...clusterFlags, ...changeFlags, ...outputFlags(changeShape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(QuotasDelete)
    const entity = entityOf(flags)
    mustBeEntity(entity)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterQuotasChange(changers.quotas), (origin) =>
      planDeletedQuotas(changers.quotas, entity, args.limits, origin),
    )
  }
}
