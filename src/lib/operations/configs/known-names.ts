import { FailedError, type KtoolError } from '../../errors.ts'
import {
  type ConfigEntry,
  type ConfigsView,
  DEFAULT_BROKER,
  type ShownConfigType,
} from '../../model/configs.ts'
import type { ConfigEdit } from '../../model/configs-changer.ts'
import { nearest } from '../../values/nearest.ts'

/** Names that there are, as far as they are told; undefined where nobody tells all of them. */
export type KnownNames = readonly string[] | undefined

/** Those that a broker tells of a resource: all of them, or of the default of all brokers only what is set. */
export async function knownNames(
  view: ConfigsView,
  type: ShownConfigType,
  resource: string,
  entries: readonly ConfigEntry[],
): Promise<KnownNames> {
  const told = entries.map(({ name }) => name)
  if (type === 'brokers' && resource === DEFAULT_BROKER) return view.brokerNames?.()
  // Whoever tells of defaults tells of all that there are. Loggers have none, and are told all the same.
  const isWhole = type === 'broker-loggers' || entries.some(({ isSet }) => !isSet)
  return isWhole ? told : undefined
}

export interface StrangeName {
  /** Why nothing is done. */
  readonly refusal?: KtoolError
  /** What is done all the same, and why that may not be what was meant. */
  readonly warning?: string
  /** It may be a secret, and is told as one. */
  readonly isCovered?: boolean
}

/**
 * What is to be said of a name that is not among those that there are. Kafka refuses to set one, and takes it for done
 * to unset one, but of loggers; a slip would go unseen. Brokers keep any name, for what plug-ins may know.
 */
export function strangeName(
  type: ShownConfigType,
  { resource, name, edit }: ConfigEdit,
  known: KnownNames,
): StrangeName {
  if (known === undefined || known.includes(name) || isUntold(type, name)) return {}
  const near = nearest(name, known)
  if (type !== 'brokers' || edit === 'unset') return { refusal: noSuchConfig(type, resource, name, near) }
  const who = resource === DEFAULT_BROKER ? 'a broker' : `broker ${resource}`
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
  return {
    warning: `${who} knows no config ${name}; it keeps it all the same, for a plug-in that may${meant}`,
    isCovered: true,
  }
}

/** Configs of one listener, and those that Kafka keeps to itself, are told only once they are set. */
function isUntold(type: ShownConfigType, name: string): boolean {
  return name.startsWith('internal.') || (type === 'brokers' && name.startsWith('listener.name.'))
}

const owners: Readonly<Record<ShownConfigType, string>> = {
  topics: 'topic',
  brokers: 'broker',
  groups: 'group',
  'client-metrics': 'client metrics',
  'broker-loggers': 'broker',
}

function ownerOf(type: ShownConfigType, resource: string): string {
  return type === 'brokers' && resource === DEFAULT_BROKER
    ? 'the default of all brokers'
    : `${owners[type]} ${resource}`
}

function noSuchConfig(
  type: ShownConfigType,
  resource: string,
  name: string,
  near: readonly string[],
): KtoolError {
  const what = type === 'broker-loggers' ? 'logger' : 'config'
  const whose = `${type} ${resource === DEFAULT_BROKER && type === 'brokers' ? 'ID' : resource}`
  const all = `ktool configs get ${whose}${what === 'config' ? ' --all' : ''} names all that there are`
  return new FailedError(`no-such-${what}`, `${ownerOf(type, resource)} has no ${what} ${name}`, {
    hint: near.length === 0 ? all : `did you mean ${near.join(' or ')}? ${all}`,
    details: { type, resource, name, near },
  })
}
