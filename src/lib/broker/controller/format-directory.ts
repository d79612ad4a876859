import { dirname, join } from 'node:path'
import { replaceFileSafely } from '../../log/write/replace-file.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Disk } from '../../ports/disk.ts'
import type { Random } from '../../ports/random.ts'
import { featureLevelRecord } from '../../protocol/records/cluster-metadata-records.ts'
import { formatTime } from '../../values/times.ts'
import { formattedFeatures } from './features.ts'
import { randomId } from './random-id.ts'
import { snapshotBytes } from './snapshot-bytes.ts'

export interface FormatFacts {
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: string
}

export const bootstrapFile = 'bootstrap.checkpoint'

/**
 * A data directory as `kafka-storage format` leaves it for a node whose voters stand in its configuration:
 * whose it is, and the features that the first leader will write into the metadata log. `meta.properties` comes
 * last: without it the directory counts as not formatted. Once it resolves, a power cut takes none of it back.
 */
export async function formatDirectory(
  path: string,
  { disk, clock, random }: { disk: Disk; clock: Clock; random: Random },
  given: Partial<FormatFacts> = {},
): Promise<FormatFacts> {
  const facts: FormatFacts = {
    clusterId: given.clusterId ?? randomId(random),
    nodeId: given.nodeId ?? 1,
    directoryId: given.directoryId ?? randomId(random),
  }
  const nowMs = clock.nowMs()
  disk.makeFolder(path)
  await replaceFileSafely(disk, join(path, bootstrapFile), bootstrapSnapshot(nowMs))
  await replaceFileSafely(disk, join(path, 'meta.properties'), Buffer.from(metaProperties(facts, nowMs)))
  await disk.flushFolder(dirname(path))
  return facts
}

export function bootstrapRecords(): Buffer[] {
  return [...formattedFeatures].map(([name, featureLevel]) =>
    featureLevelRecord.encodeFramed({ name, featureLevel }, 0),
  )
}

export function bootstrapSnapshot(nowMs: number): Buffer {
  return snapshotBytes(bootstrapRecords(), { epoch: 0, lastContainedMs: 0, nowMs })
}

function metaProperties({ clusterId, nodeId, directoryId }: FormatFacts, nowMs: number): string {
  const lines = ['#', `#${javaDate(nowMs)}`, `node.id=${nodeId}`, `directory.id=${directoryId}`, 'version=1']
  return [...lines, `cluster.id=${clusterId}`, ''].join('\n')
}

const DAY_MS = 86_400_000
const days = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As java.util.Properties dates what it writes. */
function javaDate(nowMs: number): string {
  const [, year, month, date, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:]{8})/.exec(formatTime(nowMs)) ?? []
  // The first of January 1970 was a Thursday.
  const day = days[Math.floor(nowMs / DAY_MS) % days.length]
  return `${day} ${months[Number(month) - 1]} ${date} ${time} UTC ${year}`
}
