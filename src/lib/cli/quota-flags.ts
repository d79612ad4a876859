import type { Quota } from '../model/quotas.ts'
import { entityInWords, type QuotaEntity } from '../operations/quota-entity.ts'
import { column, computed, type Shape } from '../output/shape.ts'
import { string } from './flags.ts'

export const quotaShape: Shape<Quota> = {
  version: 1,
  columns: [
    computed('entity', ({ entity }) => entity, { shown: ({ entity }) => entityInWords(entity) }),
    column('quota'),
    column('value', { kind: 'number' }),
  ],
}

/** Whose quotas they are. Kafka's own word for all the others is the one that its tools print. */
export const entityFlags = {
  user: string({
    summary: "Of this user; '<default>' is all that have none.",
    helpValue: 'NAME',
    helpGroup: 'entity',
  }),
  'client-id': string({
    summary: "Of this client id; '<default>' is all that have none.",
    helpValue: 'ID',
    helpGroup: 'entity',
  }),
  ip: string({
    summary: "Of this address; '<default>' is all that have none.",
    helpValue: 'ADDRESS',
    helpGroup: 'entity',
  }),
}

const DEFAULT = '<default>'

interface EntityWords {
  readonly user?: string | undefined
  readonly 'client-id'?: string | undefined
  readonly ip?: string | undefined
}

export function entityOf(flags: EntityWords): QuotaEntity {
  const types = ['user', 'client-id', 'ip'] as const
  return Object.fromEntries(
    types.flatMap((type) => {
      const name = flags[type]
      return name === undefined ? [] : [[type, name === DEFAULT ? null : name]]
    }),
  )
}
