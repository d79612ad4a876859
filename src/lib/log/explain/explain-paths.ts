import { dirname, join, resolve } from 'node:path'
import { FailedError, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { openLogDirectories } from '../cluster/log-directories.ts'
import { configsOf, type MetadataImage } from '../cluster/metadata-image.ts'
import { metadataTopic } from '../cluster/metadata-log.ts'
import { type LogDirectory, metaFile, openLogDirectory, readCheckpoints } from '../log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../partition-folder.ts'
import { boundsIn } from '../state/checkpoint-bounds.ts'
import type { Turns } from '../turns.ts'
import { explainPartition, type PartitionContext } from './explain-partition.ts'
import type { ExplainRow } from './explain-row.ts'
import { cleanerKeys, settingsOf, type TopicSettings } from './topic-settings.ts'

export interface ExplainOptions {
  /** Settings that were given by hand. */
  readonly flags: ReadonlyMap<string, string>
  readonly nowMs: number
  readonly turns: Turns
}

export interface Explanation {
  readonly rows: ExplainRow[]
  readonly failures: { item: string; error: KtoolError }[]
  readonly notes: string[]
}

interface Place {
  readonly folder: PartitionFolder
  /** What it lies in; null where that is no broker's directory. */
  readonly directory: LogDirectory | null
}

/** Partitions that the paths name, each a partition's folder or a whole log directory. */
export async function explainPaths(
  disk: ReadableDisk,
  paths: readonly string[],
  options: ExplainOptions,
): Promise<Explanation> {
  const explanation: Explanation = { rows: [], failures: [], notes: [] }
  const failing = failingInto(explanation)
  const places: Place[] = []
  for (const path of paths) await failing(path, async () => void places.push(...placesAt(disk, path)))
  const { image, notes } = metadataOf(disk, places)
  for (const { folder, directory } of places) {
    await failing(folder.path, async () => {
      const context = contextOf(disk, folder, directory, image, options)
      const { rows, remarks } = await explainPartition(disk, folder, context, options.nowMs, options.turns)
      explanation.rows.push(...rows)
      explanation.notes.push(...remarks.map((remark) => `${folder.path}: ${remark}`))
    })
  }
  explanation.notes.unshift(...notes, ...defaultsNote(explanation.rows))
  return explanation
}

function failingInto({ failures }: Explanation) {
  return async (item: string, run: () => Promise<void>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      failures.push({ item, error })
    }
  }
}

function placesAt(disk: ReadableDisk, path: string): Place[] {
  if (disk.stat(path)?.kind !== 'folder') throw notAPlace('there is no such folder')
  const folder = openPartitionFolder(disk, path)
  if (folder.segments.length > 0) return [{ folder, directory: directoryAround(disk, path) }]
  const directory = openLogDirectory(disk, path)
  return directory.partitions
    .filter(({ aside }) => aside === null || aside === 'future')
    .map((named) => ({ folder: openPartitionFolder(disk, named.path), directory }))
    .filter((place) => place.folder.segments.length > 0)
}

function directoryAround(disk: ReadableDisk, path: string): LogDirectory | null {
  const around = dirname(resolve(path))
  return disk.stat(join(around, metaFile)) === undefined ? null : openLogDirectory(disk, around)
}

/** Settings of topics are in the metadata log of any node, where there is one. */
function metadataOf(
  disk: ReadableDisk,
  places: readonly Place[],
): { image: MetadataImage | null; notes: readonly string[] } {
  const around = new Set(
    places.flatMap(({ directory }) => (directory === null ? [] : resolve(directory.path))),
  )
  if (around.size === 0) return { image: null, notes: [] }
  const { metadata: image, noMetadata } = openLogDirectories(disk, [...around])
  return {
    image,
    notes: image === null && noMetadata !== null ? [`No settings of topics: ${noMetadata}.`] : [],
  }
}

function contextOf(
  disk: ReadableDisk,
  folder: PartitionFolder,
  directory: LogDirectory | null,
  image: MetadataImage | null,
  { flags }: ExplainOptions,
): PartitionContext {
  const checkpoints = directory?.checkpoints ?? readCheckpoints(disk, dirname(resolve(folder.path)))
  const isMetadata = folder.said?.topic === metadataTopic
  const name = `${folder.said?.topic}-${folder.said?.partition}`
  return {
    settings: settingsFor(folder.said?.topic ?? folder.name, directory, image, flags),
    bounds: boundsIn(checkpoints, folder),
    start: {
      isClean: isMetadata ? false : (directory?.isCleanShutdown ?? null),
      isAlwaysRecovered: isMetadata,
      recoveryPoint: checkpoints.recoveryPoint.value?.get(name),
    },
    cleanerOffset: checkpoints.cleanerOffset.value?.get(name),
  }
}

function settingsFor(
  topic: string,
  directory: LogDirectory | null,
  image: MetadataImage | null,
  flags: ReadonlyMap<string, string>,
): TopicSettings {
  const nodeId = directory?.meta.value?.nodeId ?? null
  const brokers = [nodeId === null ? [] : [String(nodeId)], ['']].flat()
  return settingsOf(topic, {
    flags,
    topic: image === null ? new Map() : configsOf(image, 'topic', topic),
    brokers: image === null ? [] : brokers.map((broker) => configsOf(image, 'broker', broker)),
  })
}

/** What was not said anywhere decides all the same. */
function defaultsNote(rows: readonly ExplainRow[]): string[] {
  const keys = new Map<string, string>()
  for (const { settings, compaction, topic } of rows) {
    if (topic === metadataTopic) continue
    for (const [key, { value, from }] of Object.entries(settings ?? {})) {
      if (from === 'default' && (compaction !== null || !cleanerKeys.has(key))) keys.set(key, value)
    }
  }
  if (keys.size === 0) return []
  const list = [...keys].map(([key, value]) => `${key}=${value}`).join(', ')
  return [
    `Kafka's defaults are taken where nothing that is here says otherwise (${list}); a broker's server.properties may. --config KEY=VALUE gives the true ones.`,
  ]
}

function notAPlace(message: string): FailedError {
  return new FailedError('file-not-found', message, {
    hint: 'name the folder of a partition, such as DIR/orders-0, or a whole log directory',
  })
}
