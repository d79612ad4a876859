import { UsageError } from '../errors.ts'
import type { AclFilter } from '../model/acl-filter.ts'
import type { Acl } from '../model/acls.ts'
import {
  clientOperations,
  mustBeOperationOf,
  nothingToDo,
  parseAclResource,
  parseAclWord,
  parseNamedResource,
  parsePrincipal,
} from '../operations/acl-words.ts'
import { column, type Shape } from '../output/shape.ts'
import { option, string } from './flags.ts'

export const aclShape: Shape<Acl> = {
  version: 1,
  columns: [
    column('resourceType', { header: 'RESOURCE' }),
    column('resourceName', { header: 'NAME' }),
    column('patternType', { header: 'PATTERN' }),
    column('principal'),
    column('host'),
    column('operation'),
    column('permission', { colour: ({ permission }) => (permission === 'DENY' ? 'red' : undefined) }),
  ],
}

/** Which entries are meant. */
export const aclFilterFlags = {
  principal: string({ summary: 'Of this principal.', helpValue: 'User:NAME', helpGroup: 'filter' }),
  host: string({ summary: 'From this address.', helpValue: 'ADDRESS', helpGroup: 'filter' }),
  operation: string({ summary: 'About this operation.', helpValue: 'OPERATION', helpGroup: 'filter' }),
  resource: string({
    summary: 'About topic, group, transactional-id, user, delegation-token or cluster, or one of them.',
    helpValue: 'TYPE[:NAME]',
    helpGroup: 'filter',
  }),
  pattern: option({
    options: ['literal', 'prefixed', 'match'] as const,
    summary: 'How the name is meant; match: whatever holds for a resource of that name.',
    helpGroup: 'filter',
  })(),
  permission: option({
    options: ['allow', 'deny'] as const,
    summary: 'Which of the two it is.',
    helpGroup: 'filter',
  })(),
}

export interface AclFilterWords {
  readonly principal?: string | undefined
  readonly host?: string | undefined
  readonly operation?: string | undefined
  readonly resource?: string | undefined
  readonly pattern?: string | undefined
  readonly permission?: string | undefined
}

export function aclFilter(flags: AclFilterWords): AclFilter {
  const { principal, host, operation, resource, pattern, permission } = flags
  return {
    host,
    principal: principal && parsePrincipal(principal),
    operation: operation && parseAclWord('operation', operation),
    ...(resource === undefined ? {} : parseAclResource(resource)),
    patternType: pattern?.toUpperCase(),
    permission: permission?.toUpperCase(),
  }
}

export interface NewAclWords {
  readonly principal: readonly string[]
  readonly operation?: readonly string[] | undefined
  readonly producer: boolean
  readonly consumer: boolean
  readonly resource: readonly string[]
  readonly host?: readonly string[] | undefined
  readonly prefixed: boolean
  readonly deny: boolean
}

/** Every combination of what was said. */
export function aclsToAdd(words: NewAclWords): Acl[] {
  const { host = ['*'], prefixed, deny } = words
  const principals = words.principal.map(parsePrincipal)
  return words.resource.map(parseNamedResource).flatMap((about) => {
    const operations = operationsOn(about.resourceType, words)
    return principals.flatMap((who) =>
      host.flatMap((from) =>
        operations.map(
          (what): Acl => ({
            ...about,
            principal: who,
            host: from,
            operation: what,
            permission: deny ? 'DENY' : 'ALLOW',
            patternType: prefixed && about.resourceType !== 'CLUSTER' ? 'PREFIXED' : 'LITERAL',
          }),
        ),
      ),
    )
  })
}

function operationsOn(resourceType: string, words: NewAclWords): readonly string[] {
  const { operation = [], producer, consumer } = words
  const typed = operation.map((each) => parseAclWord('operation', each))
  for (const each of typed) mustBeOperationOf(resourceType, each)
  const clients = [...(producer ? ['producer' as const] : []), ...(consumer ? ['consumer' as const] : [])]
  if (operation.length + clients.length === 0) {
    throw new UsageError('missing-flag', 'say what may be done: --operation, --producer or --consumer')
  }
  const known = clients.map((client) => clientOperations(client, resourceType))
  if (clients.length > 0 && typed.length === 0 && known.every((each) => each === undefined)) {
    throw nothingToDo(clients, resourceType)
  }
  return [...new Set([...typed, ...known.flatMap((each) => each ?? [])])]
}
