import { column, computed, type Shape } from '../output/shape.ts'
import type { BackgroundRecord } from './background-record.ts'
import type { BackgroundState, BackgroundStatus } from './background-status.ts'
import { durabilityOf, type LocalRow } from './local-row.ts'

const hidden = { isInTable: false, isInBlock: false }

/** A broker that runs before the eyes of whoever typed the command. */
export const localShape: Shape<LocalRow> = {
  version: 1,
  name: ({ bootstrap }) => bootstrap,
  columns: [
    column('bootstrap', { header: 'ADDRESS' }),
    computed(
      'listeners',
      ({ listeners }) => listeners.map(({ name, address }) => ({ name, address })),
      hidden,
    ),
    column('listening', hidden),
    column('dataDir', { header: 'DIRECTORY' }),
    column('isEphemeral', hidden),
    column('flush', { header: 'DURABILITY', shown: durabilityOf }),
    column('clusterId', { isInTable: false }),
    column('clientConfig', { isInTable: false, header: 'CLIENT CONFIG' }),
    column('pid', { ...hidden, kind: 'number' }),
  ],
}

/** What `broker start`, `status` and `stop` tell. */
export interface BackgroundRow extends Partial<BackgroundRecord> {
  readonly state: BackgroundState
  readonly log: string
}

export function backgroundRow({ state, record }: BackgroundStatus, log: string): BackgroundRow {
  return { ...record, state, log }
}

export const backgroundShape: Shape<BackgroundRow> = {
  version: 1,
  name: ({ bootstrap }) => bootstrap ?? '',
  columns: [
    column('state', { colour: ({ state }) => (state === 'running' ? 'green' : 'yellow') }),
    column('bootstrap', { header: 'ADDRESS' }),
    column('dataDir', { header: 'DIRECTORY' }),
    column('isEphemeral', hidden),
    column('flush', {
      header: 'DURABILITY',
      shown: ({ flush }) => (flush === undefined ? undefined : durabilityOf({ flush })),
    }),
    column('clusterId', { isInTable: false }),
    column('clientConfig', { isInTable: false, header: 'CLIENT CONFIG' }),
    column('pid', { kind: 'number' }),
    column('startedMs', { kind: 'time', header: 'STARTED' }),
    column('log'),
  ],
}
