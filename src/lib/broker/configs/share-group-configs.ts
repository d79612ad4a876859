import type { BrokerConfigs } from './broker-configs.ts'
import type { ConfigValue } from './config-definition.ts'
import { brokerNamesOfGroup } from './config-synonyms.ts'
import { parseConfig, readConfig } from './config-types.ts'
import { knownConfigs } from './known-configs.ts'

/** Where a share group begins that has no offset of a partition yet. */
export type ShareGroupStart =
  | { readonly at: 'earliest' | 'latest' }
  /** So long ago. */
  | { readonly at: 'duration'; readonly durationMs: number }

/** The settings of one share group: what was set of it, over those of the broker. Ask anew each time. */
export class ShareGroupConfigs {
  readonly #configs: Pick<BrokerConfigs, 'dynamicOf' | 'value'>
  readonly #groupId: string

  constructor(configs: Pick<BrokerConfigs, 'dynamicOf' | 'value'>, groupId: string) {
    this.#configs = configs
    this.#groupId = groupId
  }

  get sessionTimeoutMs(): number {
    return this.#int('share.session.timeout.ms')
  }

  get heartbeatIntervalMs(): number {
    return this.#int('share.heartbeat.interval.ms')
  }

  get assignmentIntervalMs(): number {
    return this.#int('share.assignment.interval.ms')
  }

  get recordLockMs(): number {
    return this.#int('share.record.lock.duration.ms')
  }

  get deliveryCountLimit(): number {
    return this.#int('share.delivery.count.limit')
  }

  get maxRecordLocks(): number {
    return this.#int('share.partition.max.record.locks')
  }

  get mayRenew(): boolean {
    return this.#value('share.renew.acknowledge.enable') === true
  }

  get isCommittedOnly(): boolean {
    return this.#value('share.isolation.level') === 'read_committed'
  }

  get start(): ShareGroupStart {
    const text = String(this.#value('share.auto.offset.reset'))
    if (text === 'earliest' || text === 'latest') return { at: text }
    return { at: 'duration', durationMs: durationMs(text) }
  }

  #int(name: string): number {
    return Number(this.#value(name))
  }

  #value(name: string): ConfigValue {
    const definition = knownConfigs.group.get(name)
    const own = this.#configs.dynamicOf('group', this.#groupId).get(name)
    const understood = own === undefined || definition === undefined ? undefined : readConfig(definition, own)
    if (understood !== undefined) return understood
    const brokerName = brokerNamesOfGroup.get(name)
    if (brokerName !== undefined) return this.#configs.value(brokerName)
    return definition === undefined ? null : parseConfig(definition, String(definition.default))
  }
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const SECOND_MS = 1000

/** As `by_duration:PnDTnHnMn.nS` says, which was checked when it was set. */
function durationMs(text: string): number {
  const pattern = /P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.,]+)S)?)?$/i
  const [, days, hours, minutes, seconds] = pattern.exec(text) ?? []
  const inSeconds = Number((seconds ?? '0').replace(',', '.'))
  return (
    Number(days ?? 0) * DAY_MS +
    Number(hours ?? 0) * HOUR_MS +
    Number(minutes ?? 0) * MINUTE_MS +
    Math.floor(inSeconds * SECOND_MS)
  )
}
