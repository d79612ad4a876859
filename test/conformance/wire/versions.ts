import type { Api } from '../../../src/lib/protocol/api.ts'
import { advertisedVersions } from '../../../src/lib/protocol/releases.ts'
import { kafkaVersion } from '../kafka/places.ts'

/** The version that many steps above the lowest that Kafka serves; the highest where there are fewer. */
export function versionAt(api: Pick<Api, 'key' | 'name' | 'dropped'>, level: number): number {
  const range = advertisedVersions(kafkaVersion, api.key)
  if (range === undefined) throw new Error(`Kafka ${kafkaVersion} does not serve ${api.name}`)
  const lowest = Math.max(range.min, (api.dropped?.max ?? -1) + 1)
  return Math.min(range.max, lowest + level)
}
