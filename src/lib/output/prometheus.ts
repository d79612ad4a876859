import type { Metric, Shape } from './shape.ts'
import { bare, type Value } from './value.ts'
import type { Writer } from './writer.ts'

/**
 * Prometheus' text format. All samples of a metric must stand together, so with several
 * metrics nothing can be written before the last row is there.
 */
export function prometheusWriter(shape: Shape<unknown>, metrics: readonly Metric[]): Writer {
  const samples = metrics.map(() => [] as string[])
  return {
    keepsFailures: false,
    head: () => '',
    rows(rows) {
      metrics.forEach((metric, i) => {
        samples[i]?.push(...rows.map((row) => sample(shape, metric, row)))
      })
      return ''
    },
    tail: () => metrics.map((metric, i) => title(metric) + (samples[i] ?? []).join('')).join(''),
  }
}

function title({ name, type, help }: Metric): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`
}

/** A value that is not known has no sample: Prometheus' own way to say so. */
function sample(shape: Shape<unknown>, { name, key, unit, labels }: Metric, row: unknown): string {
  const told = bare(valueAt(shape, key, row))
  if (typeof told !== 'number' && typeof told !== 'bigint') return ''
  const value = unit === undefined ? told : Number(told) / unit
  const pairs = labels.map((label) => `${snakeCase(label)}="${labelText(valueAt(shape, label, row))}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function valueAt({ columns }: Shape<unknown>, key: string, row: unknown): Value {
  return columns.find((column) => column.key === key)?.value(row)
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function labelText(value: Value): string {
  return String(bare(value) ?? '')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
}
