import type { ApiVersionsRow } from '../../protocol/api.ts'
import { advertisedVersions, type Release } from '../../protocol/releases.ts'
import { type AsVersion, NEWEST, releasesByVersion } from '../as-version.ts'
import type { Handler } from './handler.ts'

/**
 * The handlers as a broker of that release has them: fewer, and none beyond its versions. Those of its versions that
 * Kafka 4 dropped are not served here, so they are not among those that it tells of.
 */
export function handlersAs(version: AsVersion, handlers: readonly Handler[]): Handler[] {
  if (version === NEWEST) return [...handlers]
  return handlers.flatMap((handler) => limited(handler, releasesByVersion[version]) ?? [])
}

function limited(handler: Handler, release: Release): Handler | undefined {
  const told = advertisedVersions(release, handler.api.key)
  if (told === undefined) return undefined
  const served = { min: Math.max(told.min, handler.served.min), max: Math.min(told.max, handler.served.max) }
  if (served.min > served.max) return undefined
  return { ...handler, served, advertised: { ...rowOf(handler, served.min), maxVersion: served.max } }
}

/** A Produce that old clients only want to see is shown by every release: librdkafka compresses nothing without it. */
function rowOf({ advertised, served }: Handler, min: number): ApiVersionsRow {
  const isShown = advertised.minVersion < served.min
  return { ...advertised, minVersion: isShown ? advertised.minVersion : min }
}
