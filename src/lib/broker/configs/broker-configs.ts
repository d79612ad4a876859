import { BugError } from '../../errors.ts'
import type { Controller } from '../controller/controller.ts'
import { type ConfigDefinition, type ConfigValue, REQUIRED } from './config-definition.ts'
import { rivalsOf, synonymsOf } from './config-synonyms.ts'
import { asNumber, parseConfig, readConfig } from './config-types.ts'
import { findBrokerConfig } from './known-configs.ts'
import { singleNodeConfigs } from './single-node-configs.ts'
import { type TopicConfigs, topicConfigsOf } from './topic-configs.ts'

/** Where the settings are that were made while the cluster ran. */
export type DynamicConfigs = Pick<Controller, 'configsOf' | 'subscribe'>

/**
 * The settings of a node: what the command line or server.properties said, over Kafka's defaults, under what was
 * set dynamically of the broker. Names are Kafka's own (`num.partitions`); asking for a name that has no
 * definition, or by the wrong type, is a bug. Always ask anew: an alteration takes effect at once.
 */
export class BrokerConfigs {
  readonly nodeId: number
  /** As server.properties and the command line have it, names that Kafka does not know among them. */
  readonly given: ReadonlyMap<string, string>
  #dynamic: DynamicConfigs | undefined
  readonly #values = new Map<string, ConfigValue>()
  readonly #topics = new Map<string, TopicConfigs>()
  readonly #derived = new Map<unknown, unknown>()
  readonly #watchers: ((topic: string | null) => void)[] = []
  readonly #guards: ((then: BrokerConfigs) => void)[] = []

  constructor(nodeId: number, given: ReadonlyMap<string, string>) {
    this.nodeId = nodeId
    const ids = ['node.id', 'broker.id'].map((name): [string, string] => [name, String(nodeId)])
    this.given = new Map([...singleNodeConfigs, ...ids, ...given])
  }

  /** From now on, what is set of brokers and topics while they run counts as well. */
  follow(dynamic: DynamicConfigs): void {
    this.#dynamic = dynamic
    this.#forget()
    dynamic.subscribe({
      configsChanged: (type, name) => {
        if (type === 'topic') this.#topicChanged(name)
        else if (type === 'broker' && (name === '' || name === String(this.nodeId))) this.#brokerChanged()
      },
      topicDeleted: ({ name }) => {
        this.#topics.delete(name)
      },
    })
  }

  int(name: string): number {
    return this.#typed(name, ['int', 'short'], (value) => value as number)
  }

  /** Beyond what a double holds exactly, the largest that it does: Kafka's "never" and "without limit". */
  long(name: string): number {
    return this.#typed(name, ['long'], (value) => asNumber(value as bigint))
  }

  double(name: string): number {
    return this.#typed(name, ['double'], (value) => value as number)
  }

  boolean(name: string): boolean {
    return this.#typed(name, ['boolean'], (value) => value as boolean)
  }

  string(name: string): string {
    return this.#typed(name, ['string', 'class', 'password'], (value) => value as string)
  }

  list(name: string): readonly string[] {
    return this.#typed(name, ['list'], (value) => value as readonly string[])
  }

  /** As it is written; null where it is not set and has no default. */
  optional(name: string): string | null {
    return this.text(name)
  }

  /** What is said of that listener alone, and where that is nothing, of all. */
  intOfListener(listener: string, name: string): number {
    const own = `listener.name.${listener.toLowerCase()}.${name}`
    return this.int(this.#dynamically(own) === undefined && !this.given.has(own) ? name : own)
  }

  /** The settings of a topic: what was set of it, over those of the broker. The same object until one changes. */
  topic(name: string): TopicConfigs {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const own = this.dynamicOf('topic', name)
    const made = own.size === 0 ? this.derived(unsetTopic) : topicConfigsOf(this, own)
    this.#topics.set(name, made)
    return made
  }

  /** What follows from the settings of the broker alone, made once until one of them changes. */
  derived<T>(make: (configs: BrokerConfigs) => T): T {
    if (!this.#derived.has(make)) this.#derived.set(make, make(this))
    return this.#derived.get(make) as T
  }

  /** Runs after each alteration of the settings of a topic, or (null) of the broker. */
  onChange(run: (topic: string | null) => void): void {
    this.#watchers.push(run)
  }

  /** Is asked before each alteration of the settings of the broker, and throws what is to be answered. */
  guard(check: (then: BrokerConfigs) => void): void {
    this.#guards.push(check)
  }

  /** Throws where somebody cannot do with these settings in place of what there is. */
  mustSuit(then: BrokerConfigs): void {
    for (const check of this.#guards) check(then)
  }

  /** All that was said, at the start or since. */
  get effective(): ReadonlyMap<string, string> {
    const own = String(this.nodeId)
    return new Map([...this.given, ...this.dynamicOf('broker', ''), ...this.dynamicOf('broker', own)])
  }

  /** What was set of a resource while the cluster ran; '' names the default of all brokers. */
  dynamicOf(
    type: 'topic' | 'broker' | 'group' | 'client-metrics',
    name: string,
  ): ReadonlyMap<string, string> {
    return this.#dynamic?.configsOf(type, name) ?? new Map()
  }

  /** As whoever wins has written it. */
  text(name: string): string | null {
    return this.#dynamically(name) ?? this.#statically(name)
  }

  /** The broker that it would be with these settings of its own, or (by '') of all. */
  supposing(resource: string, settings: ReadonlyMap<string, string>): BrokerConfigs {
    const supposed = new BrokerConfigs(this.nodeId, this.given)
    supposed.follow({
      configsOf: (type, name) =>
        type === 'broker' && name === resource ? settings : this.dynamicOf(type, name),
      subscribe: () => {},
    })
    return supposed
  }

  #dynamically(name: string): string | undefined {
    return this.dynamicOf('broker', String(this.nodeId)).get(name) ?? this.dynamicOf('broker', '').get(name)
  }

  #statically(name: string): string | null {
    const definition = definitionOf(name)
    const given = this.#isEclipsed(name) ? undefined : this.given.get(name)
    return given ?? (definition.default === REQUIRED ? null : definition.default)
  }

  /** log.retention.ms, once set while the broker runs, makes Kafka forget log.retention.hours. */
  #isEclipsed(name: string): boolean {
    return rivalsOf(name).some((rival) => rival !== name && this.#dynamically(rival) !== undefined)
  }

  /** In milliseconds, whichever of the names for it was used: `log.retention.ms`, `.minutes` or `.hours`. */
  timeMs(name: string): bigint {
    const synonyms = synonymsOf(name)
    for (const synonym of synonyms) {
      const value = this.value(synonym.name)
      if (value !== null) return BigInt(value as number | bigint) * BigInt(synonym.unitMs)
    }
    throw new BugError('config-without-value', `${name} has no value under any of its names`)
  }

  value(name: string): ConfigValue {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const value = this.#understood(name)
    this.#values.set(name, value)
    return value
  }

  /** A value that a newer Kafka took and this one cannot read counts as not set: a broker must start all the same. */
  #understood(name: string): ConfigValue {
    const definition = definitionOf(name)
    const dynamic = this.#dynamically(name)
    const understood = dynamic === undefined ? undefined : readConfig(definition, dynamic)
    if (understood !== undefined) return understood
    const text = this.#statically(name)
    return text === null ? null : parseConfig(definition, text)
  }

  #typed<T>(name: string, types: readonly ConfigDefinition['type'][], as: (value: ConfigValue) => T): T {
    const definition = definitionOf(name)
    const value = this.value(name)
    if (types.includes(definition.type) && value !== null) return as(value)
    throw new BugError('config-type', `${name} is ${value === null ? 'not set' : `a ${definition.type}`}`)
  }

  #topicChanged(name: string): void {
    this.#topics.delete(name)
    for (const run of this.#watchers) run(name)
  }

  #brokerChanged(): void {
    this.#forget()
    for (const run of this.#watchers) run(null)
  }

  #forget(): void {
    this.#values.clear()
    this.#topics.clear()
    this.#derived.clear()
  }
}

function unsetTopic(configs: BrokerConfigs): TopicConfigs {
  return topicConfigsOf(configs, new Map())
}

function definitionOf(name: string): ConfigDefinition {
  const definition = findBrokerConfig(name)
  if (definition === undefined) throw new BugError('config-unknown', `Kafka knows no setting ${name}`)
  return definition
}
