import { resolve } from 'node:path'
import type { AsVersion } from '../broker/as-version.ts'
import type { BrokerOptions, ListenerOptions } from '../broker/broker.ts'
import { findBrokerConfig } from '../broker/configs/known-configs.ts'
import type { JournalWish } from '../broker/journal/request-journal.ts'
import { secretAt } from '../config/secrets.ts'
import { mergeSettings, readServerProperties, type Settings, typedSettings } from '../config/settings.ts'
import type { UserEnvironment } from '../config/user-folders.ts'
import { UsageError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import type { Address } from '../ports/network.ts'
import { checkSettings } from './check-settings.ts'
import { parseControl } from './control/parse-control.ts'
import { namingCordoned } from './cordoned-dirs.ts'
import { defaultDataDir, type LocalDirs, localDirs } from './local-dirs.ts'
import { listenersOf } from './local-listeners.ts'
import { nodeIdIn, settingsOfOurs } from './server-settings.ts'
import { BY_DEFAULT, parseTopicWish, type TopicWish } from './topic-wish.ts'

/** What the flags say of a local broker. */
export interface LocalFlags {
  readonly port?: number | undefined
  readonly 'data-dir'?: readonly string[] | undefined
  readonly ephemeral?: boolean | undefined
  readonly topic?: readonly string[] | undefined
  readonly listen?: readonly string[] | undefined
  readonly advertise?: readonly string[] | undefined
  readonly flush?: 'interval' | 'ack' | undefined
  readonly 'as-version'?: AsVersion | undefined
  readonly config?: string | undefined
  readonly secure?: boolean | undefined
  readonly set?: readonly string[] | undefined
  readonly control?: string | undefined
  readonly journal?: string | undefined
  readonly 'journal-records'?: boolean | undefined
}

/** A local broker as somebody wants it. */
export interface LocalWish {
  /** Nothing: one of its own, which goes when it stops. */
  readonly dirs: LocalDirs | undefined
  readonly listeners: readonly ListenerOptions[]
  readonly settings: ReadonlyMap<string, string>
  /** Of a directory that is new; nothing where it was not said. */
  readonly nodeId: number | undefined
  readonly flush: BrokerOptions['flush']
  readonly asVersion: AsVersion | undefined
  readonly topics: readonly TopicWish[]
  /** With a certificate and a user that are made for it. */
  readonly isSecure: boolean
  /** The port from which it can be controlled by HTTP; nothing unless that was asked for. */
  readonly control: Address | undefined
  readonly journal: JournalWish | undefined
}

/** Where nothing is said of it. */
export interface Defaults {
  readonly port: number
  readonly isEphemeral: boolean
}

export const DEFAULT_PORT = 9092

interface World extends UserEnvironment {
  readonly disk: ReadableDisk
}

export function wishOf(flags: LocalFlags, defaults: Defaults, world: World): LocalWish {
  const settings = settingsOf(flags, world)
  checkSettings(settings)
  const isEphemeral = flags.ephemeral === true || defaults.isEphemeral
  const dirs =
    localDirs(flags, settings.values) ?? (isEphemeral ? undefined : { dataDirs: [defaultDataDir(world)] })
  return {
    dirs,
    listeners: listenersOf(flags, settings.values, defaults.port),
    control: flags.control === undefined ? undefined : parseControl(flags.control),
    journal: journalOf(flags),
    settings: namingCordoned(settingsOfOurs(settings.values), dirs?.dataDirs ?? []),
    nodeId: nodeIdIn(settings.values),
    flush: flags.flush ?? 'interval',
    asVersion: flags['as-version'],
    topics: topicsOf(flags.topic ?? []),
    isSecure: flags.secure ?? false,
  }
}

/** What a file and the command line say, by Kafka's names; `-X` goes before the file. */
export function settingsOf(flags: Pick<LocalFlags, 'config' | 'set'>, world: World): Settings {
  const typed = withSecrets(typedSettings(flags.set ?? []), world)
  if (flags.config === undefined) return typed
  return mergeSettings(readServerProperties(world.disk, flags.config), typed)
}

function withSecrets({ values, places }: Settings, world: World): Settings {
  const read = [...values].map(([name, value]): [string, string] => [
    name,
    findBrokerConfig(name)?.isSensitive === true ? secretAt(value, name, world) : value,
  ])
  return { values: new Map(read), places }
}

function journalOf(flags: LocalFlags): JournalWish | undefined {
  const { journal, 'journal-records': hasRecords = false } = flags
  return journal === undefined ? undefined : { path: resolve(journal), hasRecords }
}

function topicsOf(texts: readonly string[]): TopicWish[] {
  const topics = new Map<string, TopicWish>()
  for (const topic of texts.map(parseTopicWish)) {
    const other = topics.get(topic.name) ?? topic
    const counts = new Set([other.partitions, topic.partitions].filter((count) => count !== BY_DEFAULT))
    if (counts.size > 1) {
      throw new UsageError('topic-named-twice', `--topic names "${topic.name}" twice, with different counts`)
    }
    topics.set(topic.name, { name: topic.name, partitions: [...counts][0] ?? BY_DEFAULT })
  }
  return [...topics.values()]
}
