import type { ContextRow } from '../config/context-row.ts'
import { column, type Shape } from '../output/shape.ts'

export const contextShape: Shape<ContextRow> = {
  version: 1,
  name: ({ context }) => context,
  columns: [
    column('context'),
    column('current'),
    column('bootstrap'),
    column('security'),
    column('clusterId', { header: 'CLUSTER' }),
    column('protected'),
    column('commandConfig', { isSpare: true }),
    column('dataDir', { isSpare: true }),
    column('properties', { isInTable: false }),
  ],
}
