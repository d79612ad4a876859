import type { Int64 } from '../../bytes/int64.ts'
import type {
  AclImage,
  BrokerImage,
  ConfigResourceType,
  ControllerImage,
  DelegationTokenImage,
  MetadataImage,
  PartitionImage,
  QuotaImage,
  ScramImage,
  TopicImage,
  VoterImage,
} from './metadata-image.ts'
import { UnknownTags } from './unknown-tags.ts'

/** A topic while its records come in. */
export interface GrowingTopic {
  readonly name: string
  readonly topicId: string
  readonly partitions: Map<number, PartitionImage>
}

type LogFacts = Pick<MetadataImage, 'path' | 'endOffset' | 'epoch' | 'timestampMs' | 'controllerId'>

type Configs = Map<ConfigResourceType, Map<string, Map<string, string>>>

interface GrowingQuota {
  readonly entity: ReadonlyMap<string, string | null>
  readonly values: Map<string, number>
}

/** What the records of the metadata log are replayed into; each kind of record knows its own part of it. */
export class MetadataState {
  /** By id: a name can come back under another one. */
  readonly topics = new Map<string, GrowingTopic>()
  readonly configs: Configs = new Map()
  readonly brokers = new Map<number, BrokerImage>()
  readonly controllers = new Map<number, ControllerImage>()
  readonly features = new Map<string, number>()
  readonly quotas = new Map<string, GrowingQuota>()
  readonly scram = new Map<string, ScramImage>()
  readonly acls = new Map<string, AclImage>()
  readonly delegationTokens = new Map<string, DelegationTokenImage>()
  nextProducerId: Int64 | null = null
  controllerId: number | null = null
  voters: readonly VoterImage[] = []
  readonly tags = new UnknownTags()

  configsOf(type: ConfigResourceType, name: string): Map<string, string> {
    const ofType = entryOf(this.configs, type, () => new Map<string, Map<string, string>>())
    return entryOf(ofType, name, () => new Map<string, string>())
  }

  topicsByName(): Map<string, TopicImage> {
    const sorted = [...this.topics.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    return new Map(sorted.map((topic) => [topic.name, { ...topic, partitions: byNumber(topic.partitions) }]))
  }

  /** What the records come to, with what only their log knows of itself. */
  image(log: LogFacts): MetadataImage {
    return {
      ...log,
      topics: this.topicsByName(),
      configs: this.configs,
      brokers: this.brokers,
      controllers: this.controllers,
      voters: this.voters,
      features: this.features,
      quotas: this.quotasLeft(),
      scram: inOrder(this.scram),
      acls: inOrder(this.acls),
      delegationTokens: inOrder(this.delegationTokens),
      nextProducerId: this.nextProducerId,
    }
  }

  /** Of these the order in the log is an accident: a snapshot has another one. */
  quotasLeft(): QuotaImage[] {
    return inOrder(this.quotas).filter(({ values }) => values.size > 0)
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** By their keys. */
function inOrder<V>(map: ReadonlyMap<string, V>): V[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}

function byNumber<V>(map: ReadonlyMap<number, V>): Map<number, V> {
  return new Map([...map].sort(([a], [b]) => a - b))
}
