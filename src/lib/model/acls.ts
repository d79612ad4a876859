/** A binding, in Kafka's own words. */
export interface Acl {
  readonly principal: string
  readonly host: string
  readonly operation: string
  readonly permission: string
  readonly resourceType: string
  readonly resourceName: string
  readonly patternType: string
}

export interface AclsView {
  list(): Promise<readonly Acl[]>
}

/** By what they are about. */
export function sortedAcls(acls: readonly Acl[]): Acl[] {
  const order = ({ resourceType, resourceName, patternType, principal, host, operation }: Acl) =>
    [resourceType, resourceName, patternType, principal, host, operation].join('\0')
  return acls.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** The words by their numbers, on the wire and in the metadata log. */
const words = {
  resourceType: [
    'UNKNOWN',
    'ANY',
    'TOPIC',
    'GROUP',
    'CLUSTER',
    'TRANSACTIONAL_ID',
    'DELEGATION_TOKEN',
    'USER',
  ],
  patternType: ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED'],
  operation: [
    'UNKNOWN',
    'ANY',
    'ALL',
    'READ',
    'WRITE',
    'CREATE',
    'DELETE',
    'ALTER',
    'DESCRIBE',
    'CLUSTER_ACTION',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'IDEMPOTENT_WRITE',
    'CREATE_TOKENS',
    'DESCRIBE_TOKENS',
    'TWO_PHASE_COMMIT',
  ],
  permission: ['UNKNOWN', 'ANY', 'DENY', 'ALLOW'],
} as const

export type AclWord = keyof typeof words
export type AclOperation = (typeof words)['operation'][number]
export type AclResourceType = (typeof words)['resourceType'][number]

/** What can be done with each type of resource, and therefore be allowed, by Kafka's own table. */
export const operationsOfResources = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  GROUP: ['READ', 'DELETE', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  CLUSTER: [
    'CREATE',
    'ALTER',
    'DESCRIBE',
    'CLUSTER_ACTION',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'IDEMPOTENT_WRITE',
  ],
  TRANSACTIONAL_ID: ['WRITE', 'DESCRIBE', 'TWO_PHASE_COMMIT'],
  DELEGATION_TOKEN: ['DESCRIBE'],
  USER: ['CREATE_TOKENS', 'DESCRIBE_TOKENS'],
} as const satisfies Readonly<Partial<Record<AclResourceType, readonly AclOperation[]>>>

/** A number of a later Kafka stays one. */
export function aclWord(kind: AclWord, id: number): string {
  return words[kind][id] ?? `UNKNOWN(${id})`
}

/** Kafka's number of a word; whoever reads what was typed has looked it up before. */
export function aclWordId(kind: AclWord, word: string): number {
  return (words[kind] as readonly string[]).indexOf(word)
}

/** What can be said of an entry, without the words that only questions have. */
export function aclWords(kind: AclWord): readonly string[] {
  return words[kind].filter((word) => word !== 'UNKNOWN' && word !== 'ANY' && word !== 'MATCH')
}
