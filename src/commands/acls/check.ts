import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags, string } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { CheckFailed } from '../../lib/errors.ts'
import type { Acl } from '../../lib/model/acls.ts'
import { type AclQuestion, type AclVerdict, checkAcls } from '../../lib/model/check-acls.ts'
import { served } from '../../lib/model/views.ts'
import { parseAclWord, parseNamedResource, parsePrincipal } from '../../lib/operations/acl-words.ts'
import { item, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

type Row = AclQuestion & AclVerdict

const shape: Shape<Row> = {
  version: 1,
  columns: [
    column('verdict', { colour: ({ verdict }) => (verdict === 'allowed' ? 'green' : 'red') }),
    column('principal'),
    column('host'),
    column('operation'),
    column('resourceType', { header: 'RESOURCE' }),
    column('resourceName', { header: 'NAME' }),
    computed('because', ({ because }) => because.map((acl) => ({ ...acl })), {
      shown: ({ because }) => because.map(inWords),
      onePerLine: true,
    }),
  ],
}

export class AclsCheck extends BaseCommand {
  static override summary = 'Tell whether the ACLs let somebody do something, and which of them decides.'

  static override description = [
    "By the rules of Kafka's own authorizer: any entry that denies wins, else any that allows, `*` and prefixes among",
    'them; who may read, write, delete or alter may describe. Nothing is tried. Exit 3 unless it is allowed. Where no',
    'entry is about the resource at all the verdict is `none`: then allow.everyone.if.no.acl.found decides. Super users',
    'may do everything and are in no list: they stand in the files of the brokers as super.users.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> acls check User:alice read topic:orders -b kafka1:9092',
    {
      description: 'From one address, by what the disk of a dead broker says',
      command: '<%= config.bin %> acls check User:alice write topic:orders --host 10.0.0.7 --log-dir DIR',
    },
  ]

  static override args = {
    principal: argument({ description: 'who: User:NAME', required: true }),
    operation: argument({ description: 'does what: read, write, describe …', required: true }),
    resource: argument({ description: 'with what: topic:NAME, group:NAME, cluster …', required: true }),
  }

  static override flags = {
    host: string({
      summary: 'From this address; if it is not said, entries for one address alone do not count.',
      helpValue: 'ADDRESS',
    }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(AclsCheck)
    const question: AclQuestion = {
      principal: parsePrincipal(args.principal),
      host: flags.host ?? '*',
      operation: parseAclWord('operation', args.operation),
      ...parseNamedResource(args.resource),
    }
    const place = await openPlace(flags, this.surroundings)
    const found = checkAcls(await served(place.acls).list(), question)
    const trouble = place.trouble() ?? notAllowed(question, found)
    const notes = ['super users are not among the ACLs: they may do everything', ...place.notes()]
    const row = { ...question, ...found }
    return item(shape, row, { notes, unread: place.unread(), ...(trouble && { trouble }) })
  }
}

function notAllowed(question: AclQuestion, { verdict }: AclVerdict): CheckFailed | undefined {
  if (verdict === 'allowed') return undefined
  const { principal, operation, resourceType, resourceName } = question
  const what = `${principal} may not ${operation} ${resourceType}:${resourceName}`
  return verdict === 'denied'
    ? new CheckFailed('not-allowed', what)
    : new CheckFailed('no-acl', `${what}, unless allow.everyone.if.no.acl.found is set: no ACL is about it`)
}

function inWords({ permission, operation, principal, host, patternType, resourceName }: Acl): string {
  return `${permission} ${operation} to ${principal} from ${host}, ${patternType} ${resourceName}`
}
