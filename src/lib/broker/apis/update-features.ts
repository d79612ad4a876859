import { javaHash } from '../../bytes/java-hash.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { updateFeatures as updateFeaturesApi } from '../../protocol/apis/update-features.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { levelsAs } from '../as-version.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import type { Node } from '../node.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'

type Update = RequestOf<typeof updateFeaturesApi>['featureUpdates'][number]
type Response = ResponseOf<typeof updateFeaturesApi>

const UPGRADE = 1
const SAFE_DOWNGRADE = 2
const UNSAFE_DOWNGRADE = 3
const METADATA_VERSION = 'metadata.version'

export const updateFeatures = handler(updateFeaturesApi, async (request, context): Promise<Response> => {
  const { node } = context
  try {
    mustBeAuthorizedOnCluster(context, 'ALTER')
  } catch (cause) {
    return refusalOf(cause)
  }
  const { validateOnly } = request
  // Of a feature that is there twice, the last counts; of several that are wrong, the first in Kafka's table is named.
  const last = new Map(request.featureUpdates.map((each) => [each.feature, each]))
  const featureUpdates = inJavaMapOrder([...last.values()], ({ feature }) => javaHash(feature))
  try {
    for (const update of featureUpdates) mustBeAllowed(update, node)
    if (!validateOnly) finalize(featureUpdates, node)
    await node.controller.durable()
    return {
      errorMessage: null,
      results: request.featureUpdates.map(({ feature }) => ({ feature, errorMessage: 'NONE' })),
    }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    const before = 'The update failed for all features since the following feature had an error: '
    return { errorCode: errorCodes.INVALID_UPDATE_VERSION, errorMessage: before + cause.message }
  }
})

function mustBeAllowed(update: Update, { id, controller, asVersion }: Node): void {
  const { feature, maxVersionLevel: level, upgradeType } = update
  const refuse = (why: string) =>
    new ApiError('INVALID_UPDATE_VERSION', `Invalid update version ${level} for feature ${feature}. ${why}`)
  if (![UPGRADE, SAFE_DOWNGRADE, UNSAFE_DOWNGRADE].includes(upgradeType)) {
    throw refuse('The controller does not support the given upgrade type.')
  }
  if (level < 0) throw refuse('A feature version cannot be less than 0.')
  const supported = levelsAs(asVersion).get(feature)
  if (supported === undefined) {
    // Level 0 is that of every feature which is not there.
    const why =
      level === 0 ? `Feature ${feature} not found.` : `Local controller ${id} does not support this feature.`
    throw refuse(why)
  }
  const { min, max } = supported
  if (level < min || level > max) {
    throw refuse(`Local controller ${id} only supports versions ${min}-${max}`)
  }
  const current = controller.featureLevel(feature)
  if (upgradeType === UPGRADE && level < current) {
    throw refuse(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    )
  }
  if (upgradeType !== UPGRADE && level > current) throw refuse("Can't downgrade to a newer version.")
  if (feature === METADATA_VERSION && level < current) throw noMetadataDowngrade(update, current)
}

function noMetadataDowngrade({ maxVersionLevel: level, upgradeType }: Update, current: number): ApiError {
  const why =
    upgradeType === SAFE_DOWNGRADE
      ? 'Refusing to perform the requested downgrade because it might delete metadata information.'
      : 'Unsafe metadata downgrade is not supported in this version.'
  const message = `Unsupported metadata.version downgrade from ${current} to ${level}. ${why}`
  return new ApiError('INVALID_UPDATE_VERSION', message)
}

function finalize(updates: readonly Update[], { controller }: Node): void {
  const wanted = new Map(updates.map(({ feature, maxVersionLevel }) => [feature, maxVersionLevel]))
  const levels = new Map([...wanted].filter(([name, level]) => controller.featureLevel(name) !== level))
  if (levels.has('kraft.version')) {
    const message =
      'The voter of this quorum stands in its configuration, and cannot be moved into its log here.'
    throw new ApiError('INVALID_UPDATE_VERSION', message)
  }
  controller.setFeatures(levels)
}
