import { fileURLToPath } from 'node:url'
import { goldenText } from '../golden/vectors.ts'

/** A golden cluster: its log directories, and what its broker and Kafka's own tools said of it. */
export interface GoldenCluster {
  /** Folder of what was said of it, below test/golden. */
  readonly expected: string
  readonly flags: readonly string[]
  readonly answers: GoldenAnswers
  /** The words of each line that a tool printed, without the headers. */
  cli(name: string): string[][]
}

export interface GoldenAnswers {
  readonly groups: Record<string, GoldenGroup>
  readonly transactions: Record<string, GoldenTransaction>
  readonly producers: Record<
    string,
    { readonly producerId: number; readonly currentTransactionStartOffset: number | null }[]
  >
}

export interface GoldenGroup {
  readonly type: string | null
  readonly protocol: string
  readonly state: string | null
  readonly offsets?: readonly GoldenOffset[]
  readonly offsetsRequireStable?: readonly GoldenOffset[]
  readonly startOffsets?: readonly {
    readonly topic: string
    readonly partition: number
    readonly info: string
  }[]
  readonly description?: {
    readonly state: string
    readonly assignor: string
    readonly groupEpoch: number | null
    readonly members: readonly GoldenMember[]
  }
}

export interface GoldenOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly leaderEpoch: number | null
  readonly metadata: string
}

export interface GoldenMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly host: string
  readonly epoch: number | null
  readonly assignment: readonly string[]
}

export interface GoldenTransaction {
  readonly state: string
  readonly producerId: number
  readonly producerEpoch: number
  readonly timeoutMs: number
  readonly startTimeMs: number | null
  readonly partitions: readonly string[]
}

export const kraft = goldenCluster('kraft-431', ['data0', 'data1'])
export const zookeeper = goldenCluster('zk-231', ['data'])

export function goldenCluster(name: string, directories: readonly string[], file = 'answers'): GoldenCluster {
  const pathOf = (directory: string) =>
    fileURLToPath(new URL(`../golden/disk/logdirs/${name}/${directory}`, import.meta.url))
  const expected = `disk/expected/logdirs/${name}`
  return {
    expected,
    flags: directories.flatMap((directory) => ['--log-dir', pathOf(directory)]),
    answers: JSON.parse(goldenText(`${expected}/${file}.json`)),
    cli: (tool) => wordsOf(goldenText(`${expected}/cli/${tool}.txt`)),
  }
}

/** Kafka's tools print their header again for each group. */
function wordsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(GROUP|TransactionalId)\s/.test(line))
    .map((line) => line.trim().split(/\s+/))
}
