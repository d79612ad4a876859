import { UsageError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { parseBootstrap } from './bootstrap.ts'
import type { ClusterContext, ClusterSettings } from './cluster-settings.ts'
import { type Context, contextNamed, contextsFile, readContexts } from './contexts.ts'
import { type Properties, readProperties } from './security/properties.ts'
import { securitySettings } from './security/security-settings.ts'

/** What the shared flags of a cluster said. */
export interface ClusterFlags {
  readonly bootstrap?: string | undefined
  readonly context?: string | undefined
  readonly 'command-config'?: string | undefined
  readonly set?: readonly string[] | undefined
  readonly timeout?: number | undefined
}

export interface SettingsWorld {
  readonly disk: ReadableDisk
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
  /** What `-X key=-` stands for, where it was said. */
  readonly typedSecret?: string
}

/** Whether the command line itself names a cluster. */
export function clusterIsNamed({ bootstrap, context }: ClusterFlags): boolean {
  return bootstrap !== undefined || context !== undefined
}

const TIMEOUT_MS = 30_000

/** How the cluster that is meant is reached: what was typed, else the environment, else the context. */
export function readClusterSettings(flags: ClusterFlags, world: SettingsWorld): ClusterSettings {
  const said = saidProperties(flags, undefined, world)
  // A file that is named names its cluster too: the current context is not meant then.
  const bootstrap = flags.bootstrap ?? said.get('bootstrap.servers')
  const named = namedContext({ bootstrap, context: flags.context }, world)
  const properties = named === undefined ? said : saidProperties(flags, named.context, world)
  const address =
    flags.bootstrap ??
    named?.context.bootstrap ??
    properties.get('bootstrap.servers') ??
    world.environment.KTOOL_BOOTSTRAP
  if (address === undefined) throw noCluster()
  return {
    bootstrap: parseBootstrap(address),
    clientId: properties.get('client.id') ?? 'ktool',
    ...securitySettings(properties, world.disk),
    timeoutMs: flags.timeout ?? toldTimeout(properties) ?? TIMEOUT_MS,
    context: named === undefined ? null : clusterContext(named),
  }
}

function saidProperties(flags: ClusterFlags, context: Context | undefined, world: SettingsWorld): Properties {
  const file = flags['command-config'] ?? context?.commandConfig ?? inEnvironment(flags, context, world)
  return readProperties({ file, typed: flags.set ?? [], kept: context?.properties ?? {} }, world)
}

/** What goes with the address in the environment goes with no other. */
function inEnvironment(
  { bootstrap, context: typed }: ClusterFlags,
  context: Context | undefined,
  { environment }: SettingsWorld,
): string | undefined {
  const isNamed = bootstrap !== undefined || typed !== undefined || context !== undefined
  const isMeant = !isNamed && environment.KTOOL_BOOTSTRAP !== undefined
  return isMeant ? environment.KTOOL_COMMAND_CONFIG : undefined
}

/** Java's `default.api.timeout.ms` is for all retries of a question together, which is what ours is. */
function toldTimeout(properties: Properties): number | undefined {
  return properties.milliseconds('default.api.timeout.ms') ?? properties.milliseconds('request.timeout.ms')
}

function clusterContext({ name, context }: NamedContext): ClusterContext {
  return { name, clusterId: context.clusterId ?? null, isProtected: context.protected ?? false }
}

interface NamedContext {
  readonly name: string
  readonly context: Context
}

/** An address that is typed stands for itself, unless a context is named beside it. */
function namedContext(
  { bootstrap, context: typed }: Pick<ClusterFlags, 'bootstrap' | 'context'>,
  { disk, environment, platform }: SettingsWorld,
): NamedContext | undefined {
  if (typed === undefined && (bootstrap ?? environment.KTOOL_BOOTSTRAP) !== undefined) return undefined
  const contexts = readContexts(disk, contextsFile({ environment, platform }))
  const name = typed ?? environment.KTOOL_CONTEXT ?? contexts.current
  return name === undefined ? undefined : { name, context: contextNamed(contexts, name) }
}

function noCluster(): UsageError {
  return new UsageError('no-cluster', 'name a cluster: -b HOST:PORT, or a context', {
    hint: 'ktool context add NAME -b HOST:PORT --use keeps it for all commands, KTOOL_BOOTSTRAP for a shell; ktool broker start makes a Kafka here, with a context',
  })
}
