import { UsageError } from '../errors.ts'
import { type AclWord, aclWords, operationsOfResources } from '../model/acls.ts'

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
  const names = known.map(asTyped).join(', ')
  throw new UsageError('no-such-choice', `"${text}" is none of ${names}`)
}

/** What a client of this kind does with each type of resource: what `kafka-acls` allows it. */
const clients = {
  producer: { TOPIC: ['WRITE', 'DESCRIBE', 'CREATE'], TRANSACTIONAL_ID: ['WRITE', 'DESCRIBE'] },
  consumer: { TOPIC: ['READ', 'DESCRIBE'], GROUP: ['READ'] },
} as const

export type AclClient = keyof typeof clients

/** Undefined where it does nothing with such a thing. */
export function clientOperations(client: AclClient, resourceType: string): readonly string[] | undefined {
  const known: Readonly<Record<string, readonly string[]>> = clients[client]
  return known[resourceType]
}

export function nothingToDo(of: readonly AclClient[], resourceType: string): UsageError {
  const types = of.flatMap((client) => Object.keys(clients[client]))
  const who = of.map((client) => `a ${client}`).join(' and ')
  return new UsageError('no-such-operation', `${who} does nothing with a ${asTyped(resourceType)}`, {
    hint: `name what it needs: ${[...new Set(types)].map(asTyped).join(', ')}`,
  })
}

/** A broker would keep an entry about anything else, and never look at it. */
export function mustBeOperationOf(resourceType: string, operation: string): void {
  const table: Readonly<Record<string, readonly string[]>> = operationsOfResources
  const known = table[resourceType]
  if (known === undefined || operation === 'ALL' || known.includes(operation)) return
  const [what, type] = [asTyped(operation), asTyped(resourceType)]
  throw new UsageError('no-such-operation', `nobody can ${what} a ${type}`, {
    hint: `what can be allowed or denied there: ${[...known, 'ALL'].map(asTyped).join(', ')}`,
  })
}

function asTyped(word: string): string {
  return word.toLowerCase().replaceAll('_', '-')
}

/** `User:alice`; before the colon stands what kind of name it is. */
export function parsePrincipal(text: string): string {
  if (/^[^:]+:.+$/.test(text)) return text
  throw new UsageError('invalid-principal', `"${text}" is no principal`, {
    hint: `User:${text}, or whatever the authorizer calls it`,
  })
}
