/** A partition that a member fetches from. */
export class SharePlace {
  readonly topicId: string
  /** As it was called when the place was named; null: nobody knew it. */
  readonly topic: string | null
  readonly partition: number
  /** The client has not heard of it yet, or has heard of an error last. */
  isDue: boolean

  constructor(topicId: string, topic: string | null, partition: number, isDue: boolean) {
    this.topicId = topicId
    this.topic = topic
    this.partition = partition
    this.isDue = isDue
  }

  get name(): string {
    return placeName(this.topicId, this.partition)
  }
}

export function placeName(topicId: string, partition: number): string {
  return `${topicId}:${partition}`
}
