import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CheckpointBounds } from '../../../../src/lib/log/state/log-bounds.ts'
import { goldenText } from '../../../golden/vectors.ts'

/** What a broker answered, as the golden data has it. */
export interface GoldenLookups {
  readonly answeredBy: string
  readonly earliest: Answer
  readonly highWatermark: Answer
  readonly lastStableOffset: Answer
  readonly maxTimestamp: Answer | { readonly error: string }
  readonly byTimestamp: readonly {
    readonly ask: number
    readonly answer: Answer | { readonly error: string }
  }[]
  readonly readUncommitted: readonly (readonly [number, number])[]
  readonly readCommitted: readonly (readonly [number, number])[]
}

export interface Answer {
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number | null
}

/** A partition folder that a broker wrote, and what one answered about it. */
export interface GoldenPartition {
  readonly title: string
  readonly path: string
  readonly bounds: CheckpointBounds
  readonly lookups: GoldenLookups
}

interface Case {
  readonly topic: string
  readonly partition: number
  readonly dir: string
  readonly checkpoints: {
    readonly recoveryPoint: number | null
    readonly highWatermark: number | null
    readonly logStartOffset: number | null
    readonly cleanerOffset: number | null
  }
}

/** A case with where its folder lies, and where what is known of it. */
export interface PlacedCase extends Case {
  readonly path: string
  readonly expected: string
}

const disk = new URL('../../../golden/disk/', import.meta.url)

export function pathInDisk(path: string): string {
  return fileURLToPath(new URL(path, disk))
}

export function casesOf(name: string): Case[] {
  return JSON.parse(goldenText(`disk/segments/${name}/case.json`)) as Case[]
}

/** Every partition folder of `segments/`. */
export function goldenCases(): PlacedCase[] {
  return readdirSync(new URL('segments', disk)).flatMap((name) =>
    casesOf(name).map((each) => ({
      ...each,
      path: pathInDisk(`segments/${name}/${each.dir}`),
      expected: `expected/segments/${name}/${each.dir}`,
    })),
  )
}

/** Every partition of `segments/` with every set of answers about it. */
export function goldenPartitions(): GoldenPartition[] {
  return readdirSync(new URL('segments', disk)).flatMap((name) =>
    casesOf(name).flatMap(({ dir, checkpoints }) =>
      lookupFiles(`expected/segments/${name}/${dir}`).map((file) => ({
        title: `${name}/${dir} ${file}`,
        path: pathInDisk(`segments/${name}/${dir}`),
        bounds: {
          highWatermark: checkpoints.highWatermark ?? undefined,
          logStartOffset: checkpoints.logStartOffset ?? undefined,
        },
        lookups: JSON.parse(goldenText(`disk/expected/segments/${name}/${dir}/${file}`)) as GoldenLookups,
      })),
    ),
  )
}

function lookupFiles(folder: string): string[] {
  return readdirSync(new URL(folder, disk)).filter((file) => /^lookups.*\.json$/.test(file))
}

/** Every set of answers about a partition of whole log directories. */
export function goldenDirectoryLookups(name: string): { partition: string; lookups: GoldenLookups }[] {
  return readdirSync(new URL(`expected/logdirs/${name}/lookups`, disk)).map((file) => ({
    partition: file.replace('.json', ''),
    lookups: JSON.parse(goldenText(`disk/expected/logdirs/${name}/lookups/${file}`)) as GoldenLookups,
  }))
}
