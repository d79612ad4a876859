import type { Acl } from '../model/acls.ts'
import type { AclFilter } from '../operations/acl-filter.ts'
import {
  mustBeOperationOf,
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
  readonly operation: readonly string[]
  readonly resource: readonly string[]
  readonly host?: readonly string[] | undefined
  readonly prefixed: boolean
  readonly deny: boolean
}

/** Every combination of what was said. */
export function aclsToAdd(words: NewAclWords): Acl[] {
  const { principal, operation, resource, host = ['*'], prefixed, deny } = words
  const resources = resource.map(parseNamedResource)
  const operations = operation.map((each) => parseAclWord('operation', each))
  const principals = principal.map(parsePrincipal)
  for (const { resourceType } of resources) {
    for (const each of operations) mustBeOperationOf(resourceType, each)
  }
  return resources.flatMap((about) =>
    principals.flatMap((who) =>
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
    ),
  )
}
