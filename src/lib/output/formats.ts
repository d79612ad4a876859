import type { Shape } from './shape.ts'

const everywhere = ['table', 'json', 'jsonl', 'yaml', 'csv', 'tsv'] as const

export type Format = (typeof everywhere)[number] | 'name' | 'prom' | 'raw'

/** The formats that rows of this shape have. */
export function formatsOf(shape: Pick<Shape<never>, 'name' | 'metrics' | 'hasRaw'>): Format[] {
  return [
    ...everywhere,
    ...(shape.name === undefined ? [] : ['name' as const]),
    ...(shape.metrics === undefined ? [] : ['prom' as const]),
    ...(shape.hasRaw === true ? ['raw' as const] : []),
  ]
}
