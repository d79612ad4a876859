import { FailedError, type KtoolError } from '../../errors.ts'
import type { FeatureEdit, FeaturesChanger } from '../../model/features-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { updateFeatures } from '../../protocol/apis/update-features.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'

/** The wire's numbers of what is done to a level (KIP-584, KIP-778). */
const upgradeTypes = { upgrade: 1, safe: 2, unsafe: 3 } as const

/** Version 0 knows neither trials nor that a downgrade may be unsafe. */
const WITH_TRIALS = 1

export function featuresChanger(cluster: Cluster): FeaturesChanger {
  return { update: (edits, isTrial) => update(cluster, edits, isTrial) }
}

async function update(
  cluster: Cluster,
  edits: readonly FeatureEdit[],
  isTrial: boolean,
): Promise<Outcome<null>[]> {
  const question = {
    timeoutMs: cluster.deadline.patienceMs(),
    featureUpdates: edits.map(({ feature, level, downgrade }) => ({
      feature,
      maxVersionLevel: level,
      upgradeType: upgradeTypes[downgrade ?? 'upgrade'],
    })),
    validateOnly: isTrial,
  }
  const answer = await askController(cluster, updateFeatures, question, ({ errorCode }) => [errorCode], {
    min: WITH_TRIALS,
  })
  return edits.map(({ feature }) => ({ item: feature, outcome: outcomeOf(feature, answer) }))
}

function outcomeOf(feature: string, answer: AnswerOf<typeof updateFeatures>): null | KtoolError {
  if (answer.errorCode !== 0) return wholeRefused(feature, answer.errorCode, answer.errorMessage)
  const own = answer.results.find((each) => each.feature === feature)
  return own === undefined || own.errorCode === 0 ? null : brokerError(own.errorCode, own.errorMessage)
}

const PREAMBLE = 'The update failed for all features since the following feature had an error: '

/** All go together, and the words tell only of the one that was refused. */
function wholeRefused(feature: string, errorCode: number, words: string | null): KtoolError {
  const refused = words?.startsWith(PREAMBLE) ? words.slice(PREAMBLE.length) : words
  const [, guilty] = /(?:for feature |Unsupported |Feature )([\w.]+\.version)\b/.exec(refused ?? '') ?? []
  if (guilty === undefined || guilty === feature) return brokerError(errorCode, refused)
  return new FailedError('refused-with-others', `left as it is, since ${guilty} was refused`, {
    hint: 'features are changed together or not at all',
    details: { refused: guilty },
  })
}
