import { DataError } from '../../errors.ts'
import { linesOf } from './text-file.ts'

export const partitionMetadataFile = 'partition.metadata'
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** The id of the topic that a partition belongs to, from `partition.metadata`. */
export function parsePartitionMetadata(bytes: Buffer): string {
  const fields = new Map(linesOf(bytes).map((line) => splitOnce(line)))
  const version = fields.get('version')
  if (version !== '0') throw malformed(`its version is ${JSON.stringify(version ?? null)}, not 0`)
  const topicId = fields.get('topic_id')
  if (topicId === undefined || !/^[\w-]{22}$/.test(topicId) || topicId === ZERO_ID) {
    throw malformed('it has no topic id')
  }
  return topicId
}

export function formatPartitionMetadata(topicId: string): Buffer {
  return Buffer.from(`version: 0\ntopic_id: ${topicId}`)
}

function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':')
  return colon === -1 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
}

function malformed(finding: string): DataError {
  return new DataError('corrupt-partition-metadata', `partition.metadata cannot be believed: ${finding}`)
}
