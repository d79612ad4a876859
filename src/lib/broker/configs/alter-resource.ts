import { ApiError } from '../api-error.ts'
import { ELIGIBLE_LEADERS } from '../controller/features.ts'
import { recordVersionsOf } from '../controller/record-versions.ts'
import { afterwards, type ConfigChanges } from './altered-configs.ts'
import type { ConfigResource, ConfigsAt } from './config-resources.ts'

interface Named {
  readonly resourceType: number
  readonly resourceName: string
}

/** A resource that is in a request twice is refused each time: nobody can tell which one was meant. */
export function repeatedIn(resources: readonly Named[]): (resource: Named) => boolean {
  const counts = new Map<string, number>()
  for (const resource of resources) counts.set(keyOf(resource), (counts.get(keyOf(resource)) ?? 0) + 1)
  return (resource) => (counts.get(keyOf(resource)) ?? 0) > 1
}

function keyOf({ resourceType, resourceName }: Named): string {
  return `${resourceType}:${resourceName}`
}

/** The answer for one resource: what `alter` throws, or that it was done. */
export function answerFor({ resourceType, resourceName }: Named, alter: () => void) {
  try {
    alter()
    return { errorCode: 0, errorMessage: null, resourceType, resourceName }
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal
    const errorMessage = refusal.message === '' ? null : refusal.message
    return { errorCode: refusal.code, errorMessage, resourceType, resourceName }
  }
}

/** What every way to alter settings refuses before it looks at what they are. */
export function mustBeOrderly(
  configs: readonly { readonly name: string; readonly value: string | null }[],
  mayLack: (config: { readonly name: string }) => boolean = () => false,
): void {
  if (new Set(configs.map(({ name }) => name)).size < configs.length) {
    throw new ApiError('INVALID_REQUEST', 'Error due to duplicate config keys')
  }
  const lacking = configs.filter((config) => config.value === null && !mayLack(config))
  if (lacking.length === 0) return
  const names = lacking.map(({ name }) => name).join(', ')
  throw new ApiError('INVALID_REQUEST', `Null value not supported for : ${names}`)
}

/** Makes of what is set what `change` makes of it, if that is allowed; or only tries. */
export function alterResource(
  { controller }: Pick<ConfigsAt, 'controller'>,
  resource: ConfigResource,
  change: (set: ReadonlyMap<string, string>) => ConfigChanges,
  isTrial: boolean,
): void {
  const set = controller.configsOf(resource.type, resource.name)
  const changes = change(set)
  resource.mustBeNamed()
  resource.check(afterwards(set, changes))
  if (resource.type === 'broker') {
    mustLeaveLeast(controller, resource.name, changes)
    mustKnowCordons(controller, changes)
  }
  resource.mustExist()
  if (!isTrial && changes.size > 0) controller.alterConfigs(resource.type, resource.name, changes)
}

/** With lists of eligible leaders the minimum in sync is the cluster's, and there always is one (KIP-966). */
function mustLeaveLeast(
  controller: ConfigsAt['controller'],
  broker: string,
  changes: ReadonlyMap<string, string | null>,
): void {
  const value = changes.get('min.insync.replicas')
  if (value === undefined || controller.featureLevel(ELIGIBLE_LEADERS) === 0) return
  if (broker !== '') {
    const message = 'Broker-level min.insync.replicas cannot be altered while ELR is enabled.'
    throw new ApiError('INVALID_CONFIG', message)
  }
  if (value !== null) return
  const message = 'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.'
  throw new ApiError('INVALID_CONFIG', message)
}

/** The cluster has to know of directories that take no more (KIP-1066). */
function mustKnowCordons(
  controller: ConfigsAt['controller'],
  changes: ReadonlyMap<string, string | null>,
): void {
  if (!changes.has('cordoned.log.dirs')) return
  if (recordVersionsOf(controller.featureLevel('metadata.version')).hasCordonedDirectories) return
  const message =
    'The cordoned.log.dirs configuration value cannot be set because it requires metadata.version >= 4.3-IV0'
  throw new ApiError('INVALID_CONFIG', message)
}
