import type { MetadataImage, QuotaImage } from '../../log/cluster/metadata-image.ts'
import type { Clock } from '../../ports/clock.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import type { MetadataSubscriber } from '../controller/controller.ts'
import { ConnectionQuota } from './connection-quota.ts'
import { type MutationAccount, MutationQuota } from './mutation-quota.ts'
import { QuotaLimits } from './quota-limits.ts'
import { type Asker, RateQuota } from './rate-quota.ts'
import type { Windows } from './sampled-rate.ts'

interface Metadata {
  image(): Pick<MetadataImage, 'quotas'>
  subscribe(subscriber: MetadataSubscriber): void
}

/** What clients may take, as the metadata says, and what they took. */
export class Quotas {
  readonly #clock: Clock
  readonly #produce: RateQuota
  readonly #fetch: RateQuota
  readonly #request: RateQuota
  readonly #mutations: MutationQuota
  readonly #connections: ConnectionQuota

  constructor(clock: Clock, configs: BrokerConfigs, metadata: Metadata) {
    const windows = windowsOf(configs, 'quota')
    const { quotas } = metadata.image()
    this.#clock = clock
    this.#produce = new RateQuota(windows, new QuotaLimits(quotas, 'producer_byte_rate'))
    this.#fetch = new RateQuota(windows, new QuotaLimits(quotas, 'consumer_byte_rate'))
    this.#request = new RateQuota(windows, new QuotaLimits(quotas, 'request_percentage'), windows.sizeMs)
    const mutations = new QuotaLimits(quotas, 'controller_mutation_rate')
    this.#mutations = new MutationQuota(windowsOf(configs, 'controller.quota'), mutations)
    this.#connections = new ConnectionQuota(windows, quotas)
    metadata.subscribe({ quotasChanged: () => this.#follow(metadata.image().quotas) })
  }

  get isProduceSet(): boolean {
    return this.#produce.isSet
  }

  /** How long a producer has to wait for the bytes of its request. */
  produced(asker: Asker, sizeBytes: number): number {
    return this.#produce.record(asker, sizeBytes, this.#nowMs())
  }

  get isFetchSet(): boolean {
    return this.#fetch.isSet
  }

  /** More than that a consumer had better not ask for. */
  mostFetched(asker: Asker): number {
    return this.#fetch.mostAtOnce(asker, this.#nowMs())
  }

  fetched(asker: Asker, sizeBytes: number): number {
    return this.#fetch.record(asker, sizeBytes, this.#nowMs())
  }

  /** They were not sent after all. */
  notFetched(asker: Asker, sizeBytes: number): void {
    this.#fetch.count(asker, -sizeBytes, this.#nowMs())
  }

  get isTimeSet(): boolean {
    return this.#request.isSet
  }

  /** How long somebody has to wait for the time that a request took. */
  worked(asker: Asker, tookMs: number): number {
    return this.#request.record(asker, percentage(tookMs), this.#nowMs())
  }

  /** The time that it took to send the answer, by which nobody is held back any more. */
  sent(asker: Asker, tookMs: number): void {
    this.#request.count(asker, percentage(tookMs), this.#nowMs())
  }

  mutations(asker: Asker, isStrict: boolean): MutationAccount {
    return this.#mutations.of(asker, isStrict, () => this.#nowMs())
  }

  /** How long a connection is kept waiting until it is closed; 0 where it is welcome. */
  connected(host: string): number {
    return this.#connections.waitMs(host, this.#nowMs())
  }

  #nowMs(): number {
    return Math.floor(this.#clock.monotonicMs())
  }

  #follow(quotas: readonly QuotaImage[]): void {
    this.#produce.limits = new QuotaLimits(quotas, 'producer_byte_rate')
    this.#fetch.limits = new QuotaLimits(quotas, 'consumer_byte_rate')
    this.#request.limits = new QuotaLimits(quotas, 'request_percentage')
    this.#mutations.limits = new QuotaLimits(quotas, 'controller_mutation_rate')
    this.#connections.quotas = quotas
  }
}

/** Of a second of one thread, as Kafka counts them. */
function percentage(tookMs: number): number {
  return tookMs / 10
}

function windowsOf(configs: BrokerConfigs, of: 'quota' | 'controller.quota'): Windows {
  return {
    count: configs.int(`${of}.window.num`),
    sizeMs: configs.int(`${of}.window.size.seconds`) * 1000,
  }
}
