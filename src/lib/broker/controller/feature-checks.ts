import { FailedError } from '../../errors.ts'
import { METADATA_VERSION, metadataVersionName } from '../../model/metadata-versions.ts'
import { type SupportedFeature, supportedFeatures } from './features.ts'

/**
 * Levels go up to those of Kafka 4.3.1: what a later Kafka means by its own is not known, and whoever writes on without
 * knowing it breaks what it promised.
 */
export function mustBeSupported(features: ReadonlyMap<string, number>, path: string): void {
  for (const [name, level] of features) {
    const known = supportedFeatures.find((feature) => feature.name === name)
    if (known === undefined || level > known.maxVersion) throw newer(path, name, level, known)
    if (level < known.minVersion) throw older(path, name, level, known)
  }
}

/** What is in it that is not known, a sentence each. */
export function ofLaterKafka(path: string, what: readonly string[]): FailedError {
  return new FailedError('newer-kafka', `the metadata in ${path} is of a newer Kafka: ${what.join('; ')}`, {
    hint: 'open it with the Kafka that wrote it, or give this broker another directory; --log-dir reads what it can',
    details: { path, what },
  })
}

function newer(path: string, name: string, level: number, known: SupportedFeature | undefined): FailedError {
  const knows =
    known === undefined
      ? 'this broker does not know that feature'
      : `this broker knows up to ${levelName(name, known.maxVersion)}`
  return ofLaterKafka(path, [`${name} ${levelName(name, level)}; ${knows}`])
}

/** Kafka 4 does not open such a directory either. */
function older(path: string, name: string, level: number, { minVersion }: SupportedFeature): FailedError {
  const said = `${name} ${levelName(name, level)}; this broker knows from ${levelName(name, minVersion)} on`
  return new FailedError('older-kafka', `the metadata in ${path} is of an older Kafka: ${said}`, {
    hint: 'start a Kafka 3.3 to 3.9 on it and raise it there: `kafka-features.sh upgrade --metadata 3.9`',
    details: { path, feature: name, level, oldest: minVersion },
  })
}

function levelName(feature: string, level: number): string {
  const name = feature === METADATA_VERSION ? metadataVersionName(level) : null
  return name === null ? `${level}` : `${level} (${name})`
}
