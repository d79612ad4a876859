import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MemoryDisk } from '../hostile/memory-disk.ts'

const golden = fileURLToPath(new URL('../../../golden/disk', import.meta.url))

/** What brokers and Kafka's tools answered about a set of log directories. */
export interface GoldenAnswers {
  readonly topics: Record<string, GoldenTopic>
  readonly topicConfigs: Record<string, Record<string, string>>
  readonly acls: readonly string[]
  readonly quotas: Record<string, Record<string, number>>
  readonly scram: Record<string, readonly string[]>
  readonly features: Record<string, number>
  readonly logDirs: readonly {
    readonly broker: number
    readonly dir: string
    readonly replicas: Record<string, { readonly size: number; readonly isFuture: boolean }>
  }[]
}

interface GoldenTopic {
  readonly topicId: string
  readonly internal: boolean
  readonly partitions: readonly {
    readonly partition: number
    readonly leader: number
    readonly replicas: readonly number[]
    readonly isr: readonly number[]
    readonly elr: readonly number[]
  }[]
}

/** `cluster-3/node1` → its path. */
export function goldenDirectory(name: string): string {
  return `${golden}/logdirs/${name}`
}

export function goldenAnswers(name: string): GoldenAnswers {
  return JSON.parse(readFileSync(`${golden}/expected/logdirs/${name}/answers.json`, 'utf8'))
}

export type Files = Map<string, Buffer>

/** The files of golden log directories by path, for a test to change before it reads them. */
export function goldenFiles(...names: readonly string[]): Files {
  const files: Files = new Map()
  for (const name of names) {
    const folder = goldenDirectory(name)
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = `${entry.parentPath}/${entry.name}`
      if (entry.isFile()) files.set(path.replace(folder, `/${name}`), readFileSync(path))
    }
  }
  return files
}

export function diskOf(files: Files): MemoryDisk {
  return new MemoryDisk(files)
}
