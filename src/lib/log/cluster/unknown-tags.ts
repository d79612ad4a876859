interface UnknownTag {
  readonly tag: number
  readonly data: Buffer
}

/** What a record is about that may have tagged fields of a later Kafka. */
export const tagKeys = {
  topic: (topicId: string) => `topic ${topicId}`,
  partition: (at: { readonly topicId: string; readonly partitionId: number }) =>
    `partition ${at.topicId} ${at.partitionId}`,
  feature: (name: string) => `feature ${name}`,
  config: (type: string, resource: string, name: string) =>
    `config ${JSON.stringify([type, resource, name])}`,
  producerIds: 'producer ids',
}

interface Tagged {
  unknownTags?: UnknownTag[]
}

/**
 * Tagged fields that nobody here knows, by what they were said of. Kafka lets them pass (KIP-482), so that records of a
 * later one may have them at any metadata version; whoever writes such a record anew has to write them again.
 */
export class UnknownTags {
  readonly #tags = new Map<string, UnknownTag[]>()

  /** The last record counts; the bytes are copied. */
  keep(key: string, tags: readonly UnknownTag[] | undefined): void {
    if (tags !== undefined)
      this.#tags.set(
        key,
        tags.map(({ tag, data }) => ({ tag, data: Buffer.from(data) })),
      )
    else if (this.#tags.size > 0) this.#tags.delete(key)
  }

  /** To be spread into the fields of a record. */
  of(key: string): Tagged {
    const unknownTags = this.#tags.get(key)
    return unknownTags === undefined ? {} : { unknownTags }
  }
}
