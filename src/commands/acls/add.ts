import { alterAclsChange } from '../../lib/changes/acls/alter-acls.ts'
import { aclsToAdd } from '../../lib/cli/acl-flags.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { boolean, changeFlags, clusterFlags, outputFlags, string } from '../../lib/cli/flags.ts'
import { planAddedAcls } from '../../lib/operations/acls/plan-acls.ts'
import type { Result } from '../../lib/output/result.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const repeated = { multiple: true, multipleNonGreedy: true } as const
const needed = { ...repeated, required: true } as const

export class AclsAdd extends ChangingCommand {
  static override summary = 'Allow or deny somebody something.'

  static override description = [
    'An entry for each principal, operation and resource that is named, from any address unless --host says which.',
    'Operations are read, write, create, delete, alter, describe, cluster-action, describe-configs, alter-configs,',
    'idempotent-write, all …; who may read, write, delete or alter may describe. --producer and --consumer stand for what',
    'clients do: write, describe and create topics, write and describe transactional ids; read and describe topics, read',
    'groups. Entries that are there are left alone.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> acls add --principal User:alice --operation read --resource topic:orders -b kafka1:9092',
    {
      description: 'All that a consumer needs, for topics that begin with orders-',
      command:
        '<%= config.bin %> acls add --principal User:app --consumer --resource topic:orders- --resource group:app- --prefixed -c staging',
    },
    {
      description: 'Nobody writes from one address',
      command:
        "<%= config.bin %> acls add --principal 'User:*' --operation write --resource 'topic:*' --host 10.0.0.7 --deny -c staging --dry-run",
    },
  ]

  static override flags = {
    principal: string({ ...needed, summary: 'Who; the flag for each.', helpValue: 'User:NAME' }),
    operation: string({ ...repeated, summary: 'Does what; the flag for each.', helpValue: 'OPERATION' }),
    producer: boolean({ summary: 'What a producer needs of the topics and transactional ids.' }),
    consumer: boolean({ summary: 'What a consumer needs of the topics and groups.' }),
    resource: string({
      ...needed,
      summary: 'With what: topic:NAME, group:NAME, transactional-id:NAME, cluster; the flag for each.',
      helpValue: 'TYPE:NAME',
    }),
    host: string({
      ...repeated,
      summary: 'From this address.',
      helpValue: 'ADDRESS',
    }),
    prefixed: boolean({ summary: 'The names are the beginnings of names.' }),
    deny: boolean({ summary: 'They may not, whatever else allows it.' }),
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(AclsAdd)
    const acls = aclsToAdd(flags)
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, alterAclsChange(changers.acls), (origin) =>
      planAddedAcls(changers.acls, acls, origin),
    )
  }
}
