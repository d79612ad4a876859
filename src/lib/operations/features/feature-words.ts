import { UsageError } from '../../errors.ts'
import {
  featuresOfRelease,
  METADATA_VERSION,
  metadataReleases,
  metadataVersionLevel,
} from '../../model/metadata-versions.ts'

/** A level that a feature shall have. */
export interface FeatureWish {
  readonly feature: string
  readonly level: number
  /** It was named, and did not come with a release. */
  readonly isNamed: boolean
}

/** `share.version=1`; of metadata.version names too: `metadata.version=4.2-IV1`, and `4.2`. */
export function parseFeatureLevels(words: readonly string[]): FeatureWish[] {
  const wishes = words.map((word) => {
    const [, feature = '', text = ''] = /^([^=\s]+)=(\S+)$/.exec(word) ?? []
    const level = /^\d{1,5}$/.test(text) ? Number(text) : levelNamed(feature, text)
    if (feature === '' || level === null || level > 32767) throw noLevel(word)
    return { feature, level, isNamed: true }
  })
  const names = wishes.map(({ feature }) => feature)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new UsageError('given-twice', `${twice} is named twice`)
  return wishes
}

/** All features as Kafka sets them for a release: `4.2`. */
export function parseFeatureRelease(text: string): FeatureWish[] {
  const level = metadataVersionLevel(text)
  if (level === null) {
    throw new UsageError('unknown-release', `--release: "${text}" is no release whose features are known`, {
      hint: `it is one of ${metadataReleases().join(', ')}, or a level like 4.2-IV1`,
    })
  }
  return [...featuresOfRelease(level)].map(([feature, own]) => ({ feature, level: own, isNamed: false }))
}

function levelNamed(feature: string, text: string): number | null {
  return feature === METADATA_VERSION ? metadataVersionLevel(text) : null
}

function noLevel(word: string): UsageError {
  const isMetadata = word.startsWith(`${METADATA_VERSION}=`)
  return new UsageError('invalid-feature-level', `"${word}" gives no feature a level`, {
    hint: isMetadata
      ? `write metadata.version=4.2-IV1, its number, or a release: ${metadataReleases().join(', ')}`
      : 'write it like share.version=1; 0 disables a feature, and metadata.version takes a name like 4.2-IV1 too',
  })
}
