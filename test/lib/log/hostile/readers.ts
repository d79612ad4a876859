import { KtoolError } from '../../../../src/lib/errors.ts'
import { diffReplicas } from '../../../../src/lib/log/diff/diff-replicas.ts'
import { dump } from '../../../../src/lib/log/dump/dump.ts'
import type { InputFailure } from '../../../../src/lib/log/dump/dump-input.ts'
import { expandPaths } from '../../../../src/lib/log/dump/expand-paths.ts'
import { explainPaths } from '../../../../src/lib/log/explain/explain-paths.ts'
import { listSegments } from '../../../../src/lib/log/listing/list-segments.ts'
import { findInPartition } from '../../../../src/lib/log/lookup/find-in-partition.ts'
import { findMaxTimestamp } from '../../../../src/lib/log/lookup/find-max-timestamp.ts'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { predictStart } from '../../../../src/lib/log/start/predict-start.ts'
import { boundsBeside } from '../../../../src/lib/log/state/checkpoint-bounds.ts'
import { readPartitionState } from '../../../../src/lib/log/state/partition-state.ts'
import { verifyPaths } from '../../../../src/lib/log/verify/verify-paths.ts'
import { diskViews } from '../../../../src/lib/log/views/disk-views.ts'
import { served, type Views } from '../../../../src/lib/model/views.ts'
import { DumpLines } from '../../../../src/lib/output/dump/dump-lines.ts'
import { DumpRows } from '../../../../src/lib/output/dump/dump-rows.ts'
import type { ReadableDisk } from '../../../../src/lib/ports/disk.ts'
import { noThreads } from '../../../../src/lib/ports/threads.ts'

/** Where a subject lies: its folder in a log directory, and the same folder as it was before. */
export interface Place {
  readonly directory: string
  readonly folder: string
  readonly file: string
  readonly before: string
}

/** All who read Kafka's files. None of them may throw anything but what it says on purpose. */
export const readers: Readonly<Record<string, (disk: ReadableDisk, at: Place) => unknown>> = {
  'dump of the file': async (disk, { file }) => dumped(disk, [file], 'lines'),
  'dump of the folder': async (disk, { folder }) => dumped(disk, [folder], 'rows'),
  'list of segments': (disk, { folder }) => all(listSegments(disk, [folder], noTurns)),
  'lookup of an offset': (disk, { folder }) => {
    for (const offset of [0, 3, 150]) findInPartition(disk, folder, { kind: 'offset', offset })
  },
  'lookup of a time': (disk, { folder }) => {
    for (const timeMs of [0, 1_700_000_000_050]) findInPartition(disk, folder, { kind: 'time', timeMs })
  },
  'lookup of the largest timestamp': (disk, { folder }) =>
    findMaxTimestamp(disk, openPartitionFolder(disk, folder), { highWatermark: 2 ** 40 }),
  state: (disk, { folder: path }) => {
    const folder = openPartitionFolder(disk, path)
    return readPartitionState(disk, folder, boundsBeside(disk, folder).bounds)
  },
  start: (disk, { folder }) =>
    predictStart(disk, openPartitionFolder(disk, folder), { nowMs, turns: noTurns }),
  explanation: (disk, { folder }) =>
    explainPaths(disk, [folder], { flags: new Map([['cleanup.policy', 'compact']]), nowMs, turns: noTurns }),
  verification: (disk, { folder }) =>
    all(verifyPaths(disk, [folder], { nowMs, turns: noTurns, threads: noThreads })),
  difference: (disk, { folder, before }) => diffReplicas(disk, [folder, before], noTurns),
  views: (disk, { directory }) => viewed(diskViews(disk, [directory])),
}

const nowMs = 1_700_000_100_000
const noTurns = { isDue: () => false, turn: async () => {} }

async function dumped(disk: ReadableDisk, paths: string[], by: 'lines' | 'rows'): Promise<InputFailure[]> {
  const { inputs, failures } = expandPaths(disk, paths)
  const form = {
    key: 'text',
    value: 'text',
    decode: true,
    reveal: false,
    batches: true,
    records: true,
  } as const
  const sink = by === 'lines' ? new DumpLines(form) : new DumpRows(form)
  const wish = { ...form, range: {}, limit: Number.POSITIVE_INFINITY }
  const places = { disk, stdin: () => nothing(), turns: noTurns, notes: [] }
  const failed = [...failures]
  for await (const found of dump(inputs, wish, sink, places)) {
    failed.push(...found)
    if (sink instanceof DumpLines) mustBeLines(sink.take())
    else sink.take()
  }
  return failed
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function mustBeLines(bytes: Uint8Array): void {
  for (const line of Buffer.from(bytes).toString().split('\n')) if (line !== '') JSON.parse(line)
}

/** All that log directories can be asked for. */
async function viewed(views: Views): Promise<void> {
  const topics = (await served(views.topics).list()).map(({ topic }) => topic)
  await served(views.topics).describe(topics)
  const groups = (await served(views.groups).list()).map(({ item }) => item)
  await served(views.groups).describe(groups)
  await served(views.groups).positions(groups)
  const transactions = (await served(views.transactions).list()).map(({ item }) => item)
  await served(views.transactions).describe(transactions)
  await served(views.transactions).open(topics)
  await served(views.cluster).describe()
  for (const topic of topics) await consumed(views, topic)
  views.notes()
}

async function consumed(views: Views, topic: string): Promise<void> {
  for (const { outcome } of await served(views.records).open(topic, 'committed')) {
    if (outcome instanceof KtoolError) continue
    await outcome.offsetAt(1_700_000_000_050)
    await all(outcome.read(outcome.logStart, outcome.end))
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
