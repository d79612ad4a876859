import type { Quota } from '../model/quotas.ts'

export type QuotaEntity = Quota['entity']

/** As Kafka's own filter: each part that was named is there and is that one; strictly, there is no other. */
export function isMeant(entity: QuotaEntity, wanted: QuotaEntity, isStrict: boolean): boolean {
  const parts = Object.entries(wanted)
  const isEach = parts.every(([type, name]) => type in entity && entity[type] === name)
  return isEach && (!isStrict || Object.keys(entity).length === parts.length)
}

/** As people say it: whose client it is comes first. */
const order = ['user', 'client-id', 'ip']

/** `user=alice client-id=<default>`. */
export function entityInWords(entity: QuotaEntity): string {
  return Object.entries(entity)
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([type, name]) => `${type}=${name ?? '<default>'}`)
    .join(' ')
}
