import { existsSync } from 'node:fs'
import { goldenFiles, goldenText, goldenTree } from '../golden/vectors.ts'
import type { GoldenCluster } from './golden-cluster.ts'

/** What consumers of a partition were given before its broker was stopped. */
export interface GoldenPartition {
  readonly topic: string
  readonly partition: number
  readonly readUncommitted: readonly (readonly [number, number])[]
  readonly readCommitted: readonly (readonly [number, number])[]
}

/** A record as ktool prints it with `--key base64 --value base64`. */
export interface RecordLine {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: string
  readonly keyBase64: string | null
  readonly valueBase64: string | null
  readonly headersBase64: readonly (readonly [string, string | null])[]
}

interface ReferenceLine {
  readonly kind: 'batch' | 'record' | 'error'
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: string
  readonly keyBase64: string | null
  readonly valueBase64: string | null
  readonly headers: readonly (readonly [string, string | null])[]
}

export function goldenPartitions({ expected }: GoldenCluster): GoldenPartition[] {
  return goldenFiles(`${expected}/lookups`).map((path) => JSON.parse(goldenText(path)))
}

/** What Kafka's own classes read of a partition in the first directory that has it, control records too, by offset. */
export function goldenRecords(
  { expected }: GoldenCluster,
  directories: readonly string[],
  { topic, partition }: GoldenPartition,
): Map<number, RecordLine> {
  const found = new Map<number, RecordLine>()
  const folders = directories.map((directory) => `${expected}/${directory}/${topic}-${partition}`)
  const files = goldenTree(folders.find(isThere) ?? '')
  for (const path of files.filter((each) => /\.log\.ndjson/.test(each))) {
    let timestampType = ''
    for (const line of linesOf(path)) {
      if (line.kind === 'batch') timestampType = line.timestampType
      if (line.kind !== 'record') continue
      const { offset, timestamp, keyBase64, valueBase64, headers } = line
      const record = { topic, partition, offset, timestamp, timestampType, keyBase64, valueBase64 }
      found.set(offset, { ...record, headersBase64: headers })
    }
  }
  return found
}

function isThere(folder: string): boolean {
  return existsSync(new URL(`../golden/${folder}`, import.meta.url))
}

function linesOf(path: string): ReferenceLine[] {
  const lines = goldenText(path).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
