import { UsageError } from '../errors.ts'
import { type AclWord, aclWords } from '../model/acls.ts'

/** Kafka's only resource of its type. */
const CLUSTER_NAME = 'kafka-cluster'

export interface AclResource {
  readonly resourceType: string
  /** Nothing means every name. */
  readonly resourceName?: string
}

/** `topic:orders`, `group:billing`, `cluster`; a type alone where all of its names are meant. */
export function parseAclResource(text: string): AclResource {
  const colon = text.indexOf(':')
  const type = parseAclWord('resourceType', colon === -1 ? text : text.slice(0, colon))
  if (type === 'CLUSTER') return { resourceType: type, resourceName: CLUSTER_NAME }
  if (colon === -1) return { resourceType: type }
  const resourceName = text.slice(colon + 1)
  if (resourceName !== '') return { resourceType: type, resourceName }
  throw new UsageError('no-resource', `"${text}" has no name behind its colon`, {
    hint: 'topic:orders, or topic:*',
  })
}

/** One by its name, or `*` for all of them. */
export function parseNamedResource(text: string): Required<AclResource> {
  const { resourceType, resourceName } = parseAclResource(text)
  if (resourceName !== undefined) return { resourceType, resourceName }
  throw new UsageError('no-resource', `"${text}" does not say which one`, {
    hint: `${text}:NAME, or '${text}:*' for all of them`,
  })
}

/** Kafka's own word, in whatever case and with whatever between its parts. */
export function parseAclWord(kind: AclWord, text: string): string {
  const wanted = text.toUpperCase().replaceAll('-', '_')
  const known = aclWords(kind)
  if (known.includes(wanted)) return wanted
  const names = known.map((word) => word.toLowerCase().replaceAll('_', '-')).join(', ')
  throw new UsageError('no-such-choice', `"${text}" is none of ${names}`)
}

/** `User:alice`; before the colon stands what kind of name it is. */
export function parsePrincipal(text: string): string {
  if (/^[^:]+:.+$/.test(text)) return text
  throw new UsageError('invalid-principal', `"${text}" is no principal`, {
    hint: `User:${text}, or whatever the authorizer calls it`,
  })
}
