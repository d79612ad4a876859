import { alterAclsChange } from '../../lib/changes/acls/alter-acls.ts'
import { aclFilter, aclFilterFlags } from '../../lib/cli/acl-flags.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { UsageError } from '../../lib/errors.ts'
import { planDeletedAcls } from '../../lib/operations/acls/plan-acls.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

export class AclsDelete extends ChangingCommand {
  static override summary = 'Delete access control entries.'

  static override description = [
    'Those that fit all that is said, as with acls list: look there first. At least one filter has to be said, or --all.',
    'To undo it there is a plan on disk before the first is gone.',
  ].join(' ')

  static override examples = [
    {
      description: 'Whatever was allowed or denied to somebody',
      command: '<%= config.bin %> acls delete --principal User:alice -b kafka1:9092',
    },
    '<%= config.bin %> acls delete --resource topic:orders --operation write -c staging --dry-run',
  ]

  static override flags = {
    ...aclFilterFlags,
    all: boolean({ summary: 'Every entry there is.', helpGroup: 'filter' }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(AclsDelete)
    const filter = aclFilter(flags)
    const isFiltered = Object.values(filter).some((value) => value !== undefined)
    if (isFiltered === (flags.all === true)) throw noChoice(isFiltered)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterAclsChange(changers.acls), (origin) =>
      planDeletedAcls(changers.acls, filter, origin),
    )
  }
}

function noChoice(isFiltered: boolean): UsageError {
  return isFiltered
    ? new UsageError('two-choices', 'a filter and --all say two things')
    : new UsageError('no-filter', 'say which entries: --principal, --resource …, or --all')
}
