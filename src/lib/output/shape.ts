import type { Value } from './value.ts'

/**
 * What the rows of a command are: declared once, next to the command, and its contract with scripts.
 * Every format derives from it.
 */
export interface Shape<Row> {
  /** Raised when a key goes or changes its meaning. */
  readonly version: number
  readonly columns: readonly Column<Row>[]
  /** What `-o name` prints; a shape without it has no names. */
  readonly name?: (row: Row) => string
  /** Where one row has too much to say for one line of a table: what a table has instead. */
  readonly unfolded?: Unfolded<Row>
  /** What `-o prom` prints; a shape without them has no metrics. */
  readonly metrics?: readonly Metric[]
  /** Whether `-o raw` prints bytes that lie in the rows, as they are: the command makes them itself. */
  readonly hasRaw?: boolean
}

export interface Unfolded<Row> {
  readonly lines: (row: Row) => readonly unknown[]
  readonly columns: readonly Column<unknown>[]
}

export interface Column<Row> {
  /** The machine's name of it, in lowerCamelCase. The header derives from it. */
  readonly key: string
  readonly value: (row: Row) => Value
  /** What a table has in its place, where the value itself is for machines only. */
  readonly shown: (row: Row) => Value
  readonly kind: ColumnKind
  readonly header: string
  /** Machines get every column; a table leaves some out. */
  readonly isInTable: boolean
  /** Of any length: behind the others in a table, where nothing has to stand in line with its end. */
  readonly standsLast: boolean
  /** A table does without it where the terminal is too narrow for all, or nothing is known of it. */
  readonly isSpare: boolean
  /** A block has room for what a table leaves out, but not for what another line of it says in words. */
  readonly isInBlock: boolean
  /** In a block each value of a list has a line of its own. */
  readonly onePerLine: boolean
  /** A row without such a value has no such key in JSON and YAML; elsewhere the key is there, and null. */
  readonly isOptional: boolean
  /** Sentences that fold in a table too wide for the terminal. */
  readonly folds: boolean
  readonly colour: (row: Row) => Colour | undefined
}

/**
 * How people read it: a time as its age on a terminal, a moment always as a date, since it is held against others of
 * its kind; sizes and durations with units. Machines get the bare value.
 */
export type ColumnKind = 'text' | 'number' | 'time' | 'moment' | 'duration' | 'size'
export type Colour = 'red' | 'yellow' | 'green' | 'dim'

export interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  /** The column whose value it is. */
  readonly key: string
  /** How many of the column's units are one of the metric's, which counts in seconds and bytes. */
  readonly unit?: number
  /** The columns that label it, in Prometheus' own snake_case. */
  readonly labels: readonly string[]
}

type Options<Row> = Partial<Omit<Column<Row>, 'key' | 'value'>>

/** A column that is a property of the row. */
export function column<Row>(key: keyof Row & string, options: Options<Row> = {}): Column<Row> {
  return computed(key, (row) => row[key] as Value, options)
}

/** Several lines of a table for a row. */
export function unfold<Row, Line>(
  lines: (row: Row) => readonly Line[],
  columns: readonly Column<Line>[],
): Unfolded<Row> {
  // As with the rows of a result: lines only meet their own columns.
  return { lines, columns: columns as readonly Column<unknown>[] }
}

/** A column that is worked out from the row. */
export function computed<Row>(
  key: string,
  value: (row: Row) => Value,
  options: Options<Row> = {},
): Column<Row> {
  const kind = options.kind ?? 'text'
  return {
    key,
    value,
    shown: value,
    kind,
    header: headerOf(key, kind),
    isInTable: true,
    standsLast: false,
    isSpare: false,
    isInBlock: true,
    onePerLine: false,
    isOptional: false,
    folds: false,
    colour: () => undefined,
    ...options,
  }
}

/** The columns of a table, in their order there. */
export function tableColumns<Row>({ columns }: Shape<Row>): readonly Column<Row>[] {
  const shown = columns.filter(({ isInTable }) => isInTable)
  return [...shown.filter(({ standsLast }) => !standsLast), ...shown.filter(({ standsLast }) => standsLast)]
}

/** Numbers stand with their last digits in line. */
export function isRightAligned(kind: ColumnKind): boolean {
  return kind === 'number' || kind === 'size' || kind === 'duration'
}

/** `logEndOffset` → `LOG END OFFSET`. A unit that the cell itself says is left out. */
function headerOf(key: string, kind: ColumnKind): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toUpperCase()
  if (kind === 'size') return words.replace(/ BYTES$/, '')
  return kind === 'text' || kind === 'number' ? words : words.replace(/ MS$/, '')
}
