import { column, computed, type Shape } from '../output/shape.ts'
import type { BackgroundRecord } from './background-record.ts'
import type { BackgroundState, BackgroundStatus } from './background-status.ts'
import { type LiveFacts, liveColumns } from './control/live-facts.ts'
import { directoriesOf, durabilityOf, type LocalRow } from './local-row.ts'

const hidden = { isInTable: false, isInBlock: false }
const sometimes = { ...hidden, isOptional: true }

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
    column('dataDir', { header: 'DIRECTORY', shown: directoriesOf }),
    column('dataDirs', sometimes),
    column('isEphemeral', hidden),
    column('flush', { header: 'DURABILITY', shown: durabilityOf }),
    column('clusterId', { isInTable: false }),
    column('clientConfig', { isInTable: false, header: 'CLIENT CONFIG' }),
    column('pid', { ...hidden, kind: 'number' }),
    column('controlUrl', sometimes),
    column('controlTokenFile', sometimes),
  ],
}

/** What `broker start`, `status` and `stop` tell. */
export interface BackgroundRow extends Partial<BackgroundRecord>, Partial<LiveFacts> {
  readonly state: BackgroundState
  readonly log: string
}

export function backgroundRow(
  { state, record }: BackgroundStatus,
  log: string,
  live?: LiveFacts,
): BackgroundRow {
  return { ...record, ...live, state, log }
}

export const backgroundShape: Shape<BackgroundRow> = {
  version: 1,
  name: ({ bootstrap }) => bootstrap ?? '',
  columns: [
    column('state', { colour: ({ state }) => (state === 'running' ? 'green' : 'yellow') }),
    column('bootstrap', { header: 'ADDRESS' }),
    column('dataDir', { header: 'DIRECTORY', shown: directoriesOf }),
    column('dataDirs', sometimes),
    column('isEphemeral', hidden),
    column('flush', {
      header: 'DURABILITY',
      shown: ({ flush }) => (flush === undefined ? undefined : durabilityOf({ flush })),
    }),
    column('clusterId', { isInTable: false }),
    column('clientConfig', { isInTable: false, header: 'CLIENT CONFIG' }),
    column('pid', { kind: 'number' }),
    column('startedMs', { kind: 'time', header: 'STARTED' }),
    column('controlUrl', sometimes),
    column('controlTokenFile', sometimes),
    column('log'),
  ],
}

/** What `broker status` tells besides, of one that runs. */
export const statusShape: Shape<BackgroundRow> = {
  ...backgroundShape,
  columns: [...backgroundShape.columns, ...liveColumns],
}
