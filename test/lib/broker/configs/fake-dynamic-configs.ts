import type { MetadataSubscriber } from '../../../../src/lib/broker/controller/controller.ts'
import type { ConfigResourceType } from '../../../../src/lib/log/cluster/metadata-image.ts'

/** What a controller remembers of configs, without one. */
export class FakeDynamicConfigs {
  readonly #configs = new Map<string, Map<string, string>>()
  readonly #subscribers: MetadataSubscriber[] = []

  configsOf(type: ConfigResourceType, name: string): ReadonlyMap<string, string> {
    return this.#configs.get(`${type}:${name}`) ?? new Map()
  }

  subscribe(subscriber: MetadataSubscriber): void {
    this.#subscribers.push(subscriber)
  }

  set(type: ConfigResourceType, name: string, configs: Record<string, string>): void {
    this.#configs.set(`${type}:${name}`, new Map(Object.entries(configs)))
    for (const { configsChanged } of this.#subscribers) configsChanged?.(type, name)
  }
}
