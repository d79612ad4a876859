import { basename, dirname, resolve } from 'node:path'
import { FailedError, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { openLogDirectories } from '../cluster/log-directories.ts'
import { configsOf, type MetadataImage } from '../cluster/metadata-image.ts'
import { metadataTopic } from '../cluster/metadata-log.ts'
import { damagedLog } from '../damaged-log.ts'
import { type Aside, parseFolderName } from '../files/folder-names.ts'
import { type LogDirectory, readCheckpoints } from '../log-directory.ts'
import { hollowLogs, mustHaveSegments, type PartitionFolder } from '../partition-folder.ts'
import { type NamedPlace, namedPlaces, openPlace } from '../partition-places.ts'
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

/** Partitions that the paths name, each a partition's folder or a whole log directory. */
export async function explainPaths(
  disk: ReadableDisk,
  paths: readonly string[],
  options: ExplainOptions,
): Promise<Explanation> {
  const explanation: Explanation = { rows: [], failures: [], notes: [] }
  const failing = failingInto(explanation)
  const places: NamedPlace[] = []
  for (const path of paths) await failing(path, async () => void places.push(...placesAt(disk, path)))
  const { image, notes } = metadataOf(disk, places)
  for (const place of places) {
    await failing(place.path, async () => {
      const { directory, folder } = openPlace(disk, place)
      mustHaveSegments(folder)
      explanation.failures.push(...hollowLogs(folder))
      const context = contextOf(disk, folder, directory, image, options)
      const explained = await explainPartition(disk, folder, context, options.nowMs, options.turns)
      const { rows, remarks, damages } = explained
      explanation.rows.push(...rows)
      explanation.failures.push(
        ...damages.map((damage) => ({ item: folder.path, error: damagedLog(damage) })),
      )
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

/** In a log directory those that are in use or will be; one that was named, whatever it is. */
function placesAt(disk: ReadableDisk, path: string): NamedPlace[] {
  return namedPlaces(disk, path).filter(
    (place) => place.path === path || isInUse(parseFolderName(basename(place.path))?.aside),
  )
}

function isInUse(aside: Aside | null | undefined): boolean {
  return aside === null || aside === 'future'
}

/** Settings of topics are in the metadata log of any node, where there is one. */
function metadataOf(
  disk: ReadableDisk,
  places: readonly NamedPlace[],
): { image: MetadataImage | null; notes: readonly string[] } {
  const around = new Set(
    places.flatMap(({ directory }) => (directory === null ? [] : resolve(directory.path))),
  )
  if (around.size === 0) return { image: null, notes: [] }
  try {
    const { metadata: image, noMetadata } = openLogDirectories(disk, [...around])
    return { image, notes: image === null && noMetadata !== null ? [noSettings(noMetadata)] : [] }
  } catch (error) {
    // One folder that is out of reach must not hide the others.
    if (error instanceof FailedError) return { image: null, notes: [noSettings(error.message)] }
    throw error
  }
}

function noSettings(reason: string): string {
  return `No settings of topics: ${reason}.`
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
