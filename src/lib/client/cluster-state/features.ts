import type { ClusterStateView, FeatureState } from '../../model/cluster-state.ts'
import { metadataVersionName } from '../../model/metadata-versions.ts'
import { failuresIn, foundIn } from '../../model/outcome.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import type { apiVersions } from '../../protocol/apis/api-versions.ts'
import type { Cluster } from '../cluster.ts'
import { everyBroker } from '../routing/every-broker.ts'
import { askVersions } from './ask-versions.ts'

type Answer = AnswerOf<typeof apiVersions>

/** What all brokers support, and what was finalized, as the one tells that has heard last. */
export async function featureStates(cluster: Cluster): ReturnType<ClusterStateView['features']> {
  const asked = await everyBroker(cluster, (connection) => askVersions(cluster, connection))
  const answers = foundIn(asked)
  const failures = failuresIn(asked)
  const latest = answers.reduce<Answer | undefined>(
    (last, each) =>
      last === undefined || each.finalizedFeaturesEpoch > last.finalizedFeaturesEpoch ? each : last,
    undefined,
  )
  const names = new Set(answers.flatMap(namesOf))
  const epoch = latest?.finalizedFeaturesEpoch ?? -1n
  return {
    rows: [...names].sort().map((feature) => described(feature, answers, latest)),
    failures,
    epoch: epoch < 0n ? null : epoch,
  }
}

function namesOf({ supportedFeatures, finalizedFeatures }: Answer): string[] {
  return [...supportedFeatures, ...finalizedFeatures].map(({ name }) => name)
}

function described(feature: string, answers: readonly Answer[], latest: Answer | undefined): FeatureState {
  const ranges = answers.map(({ supportedFeatures }) =>
    supportedFeatures.find(({ name }) => name === feature),
  )
  const isCommon = ranges.every((range) => range !== undefined)
  const min = Math.max(...ranges.map((range) => range?.minVersion ?? 0))
  const max = Math.min(...ranges.map((range) => range?.maxVersion ?? 0))
  const hasLevels = isCommon && min <= max
  const level = latest?.finalizedFeatures.find(({ name }) => name === feature)?.maxVersionLevel
  // Who tells of an epoch and not of this feature says that it is at 0.
  const finalized = level ?? ((latest?.finalizedFeaturesEpoch ?? -1n) < 0n ? null : 0)
  return {
    feature,
    supportedMin: hasLevels ? min : null,
    supportedMax: hasLevels ? max : null,
    finalized,
    release: releaseOf(feature, finalized),
    supportedRelease: releaseOf(feature, hasLevels ? max : null),
  }
}

function releaseOf(feature: string, level: number | null): string | null {
  return feature === 'metadata.version' && level !== null ? metadataVersionName(level) : null
}
