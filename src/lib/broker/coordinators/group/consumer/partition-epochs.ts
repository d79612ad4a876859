import type { ConsumerMember } from './consumer-member.ts'

type Owner = Pick<ConsumerMember, 'memberEpoch' | 'assigned' | 'pendingRevocation'>

/** Which partitions members have, each with the epoch of its member: nobody else gets one before it is given up. */
export class PartitionEpochs {
  readonly #epochs = new Map<string, Map<number, number>>()

  isOwned(topicId: string, partition: number): boolean {
    return this.#epochs.get(topicId)?.has(partition) === true
  }

  add({ memberEpoch, assigned, pendingRevocation }: Owner): void {
    for (const [topicId, partitions] of [...assigned, ...pendingRevocation]) {
      const epochs = this.#epochs.get(topicId) ?? new Map<number, number>()
      this.#epochs.set(topicId, epochs)
      for (const partition of partitions.keys()) epochs.set(partition, memberEpoch)
    }
  }

  /** What another member has at another epoch stays its own. */
  remove({ memberEpoch, assigned, pendingRevocation }: Owner): void {
    for (const [topicId, partitions] of [...assigned, ...pendingRevocation]) {
      const epochs = this.#epochs.get(topicId)
      for (const partition of partitions.keys()) {
        if (epochs?.get(partition) === memberEpoch) epochs.delete(partition)
      }
      if (epochs?.size === 0) this.#epochs.delete(topicId)
    }
  }
}
