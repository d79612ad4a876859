import { type AsVersion, releasesByVersion } from '../broker/as-version.ts'
import { UsageError } from '../errors.ts'

/** The newest first. */
export const asVersions = Object.keys(releasesByVersion) as readonly AsVersion[]

export function findAsVersion(text: string): AsVersion {
  const known = asVersions.find((version) => version === text)
  if (known !== undefined) return known
  throw new UsageError('unknown-as-version', `the broker cannot pass for Kafka ${text}`, {
    hint: `it can pass for ${asVersions.join(', ')}`,
  })
}
