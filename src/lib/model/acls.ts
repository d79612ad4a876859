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

/** A number of a later Kafka stays one. */
export function aclWord(kind: AclWord, id: number): string {
  return words[kind][id] ?? `UNKNOWN(${id})`
}
