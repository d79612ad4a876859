import { recordShape } from '../records/record-shape.ts'
import { type Column, column, computed, type Shape } from '../shape.ts'
import { batchShape } from './batch-row.ts'
import { asCells } from './dump-cells.ts'
import type { DumpedFile, DumpForm } from './dump-view.ts'
import { formOf } from './record-dump.ts'

/** A row of any kind, under the names of its own columns. */
export type DumpRow = Readonly<Record<string, unknown>>

type DumpColumn = Column<DumpRow>

const place = [
  column<DumpRow>('kind', { isInTable: false }),
  column<DumpRow>('topic', { isInTable: false, isOptional: true }),
  column<DumpRow>('partition', { kind: 'number', isInTable: false, isOptional: true }),
  column<DumpRow>('file', { isInTable: false, isOptional: true }),
]

const damage = [
  column<DumpRow>('position', { kind: 'number', isInTable: false }),
  column<DumpRow>('sizeBytes', { kind: 'size', isInTable: false }),
  column<DumpRow>('reason', { isInTable: false }),
  column<DumpRow>('finding', { isInTable: false }),
]

const numbers = { kind: 'number' } as const
const aside = { isInTable: false } as const

/** The entries of files that are no logs, by the kind of file. */
const entries: Readonly<Record<string, readonly DumpColumn[]>> = {
  index: [column<DumpRow>('offset', numbers), column<DumpRow>('position', numbers)],
  timeindex: [column<DumpRow>('timestamp', { kind: 'moment' }), column<DumpRow>('offset', numbers)],
  txnindex: ['version', 'producerId', 'firstOffset', 'lastOffset', 'lastStableOffset'].map((key) =>
    column<DumpRow>(key, { ...numbers, isInTable: key !== 'version' }),
  ),
  snapshot: [
    ...['producerId', 'producerEpoch', 'coordinatorEpoch', 'currentTxnFirstOffset'].map((key) =>
      column<DumpRow>(key, numbers),
    ),
    column<DumpRow>('lastTimestamp', { kind: 'moment' }),
    ...['firstSequence', 'lastSequence', 'lastOffset'].map((key) => column<DumpRow>(key, numbers)),
    column<DumpRow>('offsetDelta', { ...numbers, ...aside }),
    column<DumpRow>('timestamp', { kind: 'moment', ...aside }),
  ],
  'leader-epochs': ['epoch', 'startOffset'].map((key) => column<DumpRow>(key, numbers)),
  offsets: [
    column<DumpRow>('topic'),
    column<DumpRow>('partition', numbers),
    column<DumpRow>('offset', numbers),
  ],
  'partition-metadata': [column<DumpRow>('topicId')],
  'meta-properties': [
    column<DumpRow>('version', numbers),
    column<DumpRow>('clusterId'),
    column<DumpRow>('nodeId', numbers),
    column<DumpRow>('directoryId'),
  ],
}

/** The columns of all that these files may hold, each once. */
export function dumpShape(files: readonly DumpedFile[], form: DumpForm): Shape<DumpRow> {
  const kinds = new Set(files.map(({ kind }) => kind))
  const isLog = kinds.size === 0 || kinds.has('log') || kinds.has('checkpoint')
  const columns = [
    ...place.map((each) => ({ ...each, isInTable: isShown(each.key, kinds, files, form) })),
    ...[...kinds].flatMap((kind) => entries[kind] ?? []),
    ...(isLog ? logColumns(files, form) : []),
    ...(isLog ? damage : []),
  ]
  return { version: 1, columns: asCells(merged(columns), files) }
}

/** What tells rows apart is in a table where they are of several sorts. */
function isShown(
  key: string,
  kinds: ReadonlySet<string>,
  files: readonly DumpedFile[],
  form: DumpForm,
): boolean {
  const [first] = files
  if (key === 'kind') return kinds.size > 1 || (form.batches && form.records)
  if (key === 'file') return files.length > 1 && !form.records
  if (key === 'topic') return form.records && files.some(({ topic }) => topic !== first?.topic)
  return form.records && files.some(({ partition }) => partition !== first?.partition)
}

function logColumns(files: readonly DumpedFile[], form: DumpForm): DumpColumn[] {
  const batches = form.batches
    ? (batchShape.columns as readonly Column<never>[] as readonly DumpColumn[])
    : []
  if (!form.records) return [...batches]
  // Records say of which type of control they are.
  const others = batches.map((each) => (each.key === 'isControl' ? { ...each, isInTable: false } : each))
  return [...recordColumns(files, form), ...others]
}

/** Where all records are Kafka's own, a table shows what they say instead of their bytes. */
function recordColumns([first]: readonly DumpedFile[], form: DumpForm): DumpColumn[] {
  const { columns } = recordShape(
    formOf(first ?? { topic: null, partition: null, file: '', kind: 'log' }, form),
  )
  const isOwn = form.decode && first?.topic?.startsWith('__') === true
  const bytes = new Set(['key', 'value', 'keyBase64', 'valueBase64'])
  return [
    ...(columns as readonly Column<never>[] as readonly DumpColumn[]).map((each) =>
      bytes.has(each.key) ? { ...each, isInTable: each.isInTable && !isOwn } : each,
    ),
    column<DumpRow>('decoded', { isInTable: isOwn }),
  ]
}

/** A key that several kinds of rows have is one column; a row without it leaves it out. */
function merged(columns: readonly DumpColumn[]): DumpColumn[] {
  const byKey = new Map<string, DumpColumn>()
  for (const each of columns) {
    const known = byKey.get(each.key)
    const isInTable = each.isInTable || known?.isInTable === true
    const rest = { isOptional: each.key !== 'kind', isInTable }
    byKey.set(
      each.key,
      computed(each.key, (row) => row[each.key] as never, { ...(known ?? each), ...rest }),
    )
  }
  return [...byKey.values()]
}
