import type { Context, Contexts } from './contexts.ts'

/** A context as it is shown: without a secret. */
export interface ContextRow {
  readonly context: string
  readonly current: boolean
  readonly bootstrap: string | null
  /** `SASL_SSL SCRAM-SHA-512`, `PLAINTEXT` … */
  readonly security: string | null
  readonly clusterId: string | null
  readonly protected: boolean
  readonly commandConfig: string | null
  readonly dataDir: string | null
  /** Names of the properties that it has; their values may be secrets. */
  readonly properties: readonly string[]
}

export function contextRow(contexts: Contexts, name: string, context: Context): ContextRow {
  return {
    context: name,
    current: contexts.current === name,
    bootstrap: context.bootstrap ?? null,
    security: securityOf(context),
    clusterId: context.clusterId ?? null,
    protected: context.protected ?? false,
    commandConfig: context.commandConfig ?? null,
    dataDir: context.dataDir ?? null,
    properties: Object.keys(context.properties ?? {}).sort(),
  }
}

/** What a file says is not known before it is read. */
function securityOf({ properties = {}, commandConfig }: Context): string | null {
  const protocol = properties['security.protocol']
  if (protocol === undefined) return commandConfig === undefined ? 'PLAINTEXT' : null
  const mechanism = properties['sasl.mechanism'] ?? properties['sasl.mechanisms']
  return protocol.includes('SASL') && mechanism !== undefined ? `${protocol} ${mechanism}` : protocol
}
