import { FailedError, KtoolError } from '../../errors.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeConfigs } from '../../protocol/apis/describe-configs.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { inChunks } from '../../values/in-chunks.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { inParallel } from '../routing/in-parallel.ts'

/** The wire's numbers of what has configs. */
export const resourceTypes = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const
export type ResourceType = (typeof resourceTypes)[keyof typeof resourceTypes]

export type DescribedConfig = AnswerOf<typeof describeConfigs>['results'][number]['configs'][number]
export type DescribedConfigs = ReadonlyMap<string, readonly DescribedConfig[] | KtoolError>

export interface ConfigWish {
  readonly type: ResourceType
  readonly names: readonly string[]
  /** All of them, if it is not said. */
  readonly keys?: readonly string[]
  readonly hasSynonyms?: boolean
  readonly hasDocumentation?: boolean
}

/** A topic has some forty configs: with all of them the answer for so many is a few hundred kilobytes. */
const NAMES_AT_ONCE = 500
const AT_ONCE = 4
/** Since Kafka 2.6 a broker tells what a config means. */
const DOCUMENTED = 3

/** Configs of resources by name, asked of any broker or of the one that alone knows them. */
export async function askConfigs(
  cluster: Cluster,
  wish: ConfigWish,
  connection?: Connection,
): Promise<DescribedConfigs> {
  const parts = inChunks([...new Set(wish.names)], NAMES_AT_ONCE)
  const asked = await inParallel(parts, AT_ONCE, (part) =>
    askSome(cluster, { ...wish, names: part }, connection),
  )
  return new Map(asked.flatMap((each) => [...each]))
}

async function askSome(
  cluster: Cluster,
  { type, names, keys, hasSynonyms = false, hasDocumentation = false }: ConfigWish,
  connection?: Connection,
): Promise<[string, readonly DescribedConfig[] | KtoolError][]> {
  try {
    const broker = connection ?? (await cluster.any())
    const question = {
      resources: names.map((resourceName) => ({
        resourceType: type,
        resourceName,
        configurationKeys: keys === undefined ? null : [...keys],
      })),
      includeSynonyms: hasSynonyms,
      includeDocumentation: hasDocumentation && broker.versions.has(describeConfigs, { min: DOCUMENTED }),
    }
    // Version 1 is the first that tells where a config was set.
    const { results } = await cluster.askOf(broker, describeConfigs, question, { min: 1 })
    return results.map(({ resourceName, errorCode, errorMessage, configs }) => [
      resourceName,
      errorCode === 0 ? configs : refusal(type, errorCode, errorMessage),
    ])
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return names.map((name) => [name, error])
  }
}

/** The Kafkas that have configs of what others have never heard of. */
const firstReleases: ReadonlyMap<ResourceType, readonly [what: string, release: string]> = new Map([
  [resourceTypes.brokerLogger, ['the loggers of brokers', '2.4']],
  [resourceTypes.clientMetrics, ['client metrics', '3.7']],
  [resourceTypes.group, ['groups', '4.0']],
])

/** A broker that is too old says that the question is malformed, or that it is of no type that there is. */
function refusal(type: ResourceType, errorCode: number, words: string | null): KtoolError {
  const [what, release] = firstReleases.get(type) ?? []
  if (what === undefined || errorCode !== errorCodes.INVALID_REQUEST) return brokerError(errorCode, words)
  const lack = `the broker does not serve DescribeConfigs of ${what}; Kafka ${release} and later do`
  const said = words === null || words === '' ? undefined : `it says: ${words}`
  return new FailedError('not-supported-by-broker', lack, {
    hint: said,
    details: { errorCode, since: release },
  })
}
