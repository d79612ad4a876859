import type { Broker, Cluster, PartitionAssigner } from 'kafkajs'
import { joinGroup } from '../../protocol/apis/join-group.ts'

/** What kafkajs has beside what its types tell: it makes the requests of a broker by their key. */
type Asking = Broker & {
  lookupRequest(key: number, versions: unknown): (fields: { readonly memberId?: string }) => unknown
}

/**
 * kafkajs tells the id of a member once the group has let it in, but Kafka 2.2 and later give one at once, and wait for
 * whoever has it. It is learned from the request that says it, so that a member that is still waited for can leave.
 */
export class Joining {
  readonly #learned: Promise<void>
  #tell: () => void = () => undefined
  #memberId = ''
  readonly #watching = new WeakSet<Asking['lookupRequest']>()
  #isAsked = false
  #hear: () => void = () => undefined
  isOver = false

  constructor() {
    this.#learned = new Promise((resolve) => (this.#tell = resolve))
  }

  /** The newest, for a coordinator may forget one; never, where the broker is too old to tell it before. */
  async memberId(): Promise<string> {
    await this.#learned
    return this.#memberId
  }

  /** Once the group is asked to let the member in, for the first time or again, and has not said that it is in. */
  asked(): Promise<void> {
    return this.#isAsked ? Promise.resolve() : new Promise((resolve) => (this.#hear = resolve))
  }

  /** The group has let the member in. */
  answered(): void {
    this.#isAsked = false
  }

  /** From now on kafkajs does not join again, as it would when it hears that its member is gone. */
  end(): void {
    this.isOver = true
  }

  /** An assigner as it was: it is given the cluster that its consumer asks. */
  watch(assigner: PartitionAssigner): PartitionAssigner {
    return (config) => {
      this.#watchCluster(config.cluster)
      return assigner(config)
    }
  }

  /** The coordinator is looked for each time before the group is joined. */
  #watchCluster(cluster: Cluster): void {
    const find = cluster.findGroupCoordinator.bind(cluster)
    cluster.findGroupCoordinator = async (group) => {
      if (this.isOver) throw new Error('the group was left')
      this.#isAsked = true
      this.#hear()
      const broker = await find(group)
      this.#watchBroker(broker as Asking)
      return broker
    }
  }

  /** It makes its requests in another way after each time that it was connected. */
  #watchBroker(broker: Asking): void {
    const lookUp = broker.lookupRequest
    if (this.#watching.has(lookUp)) return
    const watching: typeof lookUp = (key, versions) => {
      const request = lookUp.call(broker, key, versions)
      if (key !== joinGroup.key) return request
      return (fields) => {
        this.#learn(fields.memberId)
        return request(fields)
      }
    }
    this.#watching.add(watching)
    broker.lookupRequest = watching
  }

  #learn(memberId: string | undefined): void {
    if (!memberId) return
    this.#memberId = memberId
    this.#tell()
  }
}
