import { ApiError } from '../api-error.ts'

/** It holds the cluster's metadata, and is no topic of anybody's. */
export const METADATA_TOPIC = '__cluster_metadata'
const LONGEST = 249

/** Throws INVALID_TOPIC_EXCEPTION in Kafka's words. */
export function mustBeTopicName(name: string): void {
  const problem = problemOf(name)
  if (problem !== null) throw new ApiError('INVALID_TOPIC_EXCEPTION', `Topic name is invalid: ${problem}`)
}

export function isTopicName(name: string): boolean {
  return problemOf(name) === null
}

function problemOf(name: string): string | null {
  if (name === '') return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > LONGEST) {
    return `the length of '${name}' is longer than the max allowed length ${LONGEST}`
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return null
  return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
}

/** In the names of metrics a dot becomes an underscore: two topics of one such name must not be. */
export function collisionName(name: string): string {
  return name.replaceAll('.', '_')
}
