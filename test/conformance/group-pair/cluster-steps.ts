import { setTimeout as sleep } from 'node:timers/promises'
import { createPartitions } from '../../../src/lib/protocol/apis/create-partitions.ts'
import { createTopics } from '../../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../../src/lib/protocol/apis/delete-topics.ts'
import { describeConfigs } from '../../../src/lib/protocol/apis/describe-configs.ts'
import { incrementalAlterConfigs } from '../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import type { Story } from './story.ts'

const GROUP_RESOURCE = 32
/** What the coordinator of Kafka needs to hear of a topic or a setting. */
const HEARD_MS = 100

/** Topics that come, grow and go, and settings of the group. */
export class ClusterSteps {
  readonly #story: Story
  #made = 0

  constructor(story: Story) {
    this.#story = story
  }

  async changeTopics(): Promise<string> {
    const names = [...this.#story.topics.keys()]
    const kind = this.#story.draw()
    if (kind < 0.4 || names.length === 0) return `made ${await this.createTopic()}`
    const name = this.#story.pick(names)
    if (kind < 0.65) {
      await this.deleteTopic(name)
      return `deleted ${name}`
    }
    const topic = this.#story.topics.get(name) as { id: string; partitions: number }
    topic.partitions += 1 + this.#story.below(2)
    const wish = { name, count: topic.partitions, assignments: null }
    await this.#story.put('admin', createPartitions, 3, {
      topics: [wish],
      timeoutMs: 20_000,
      validateOnly: false,
    })
    await this.#untilHeard(name, topic.partitions)
    return `${name} has ${topic.partitions}`
  }

  async createTopic(): Promise<string> {
    const name = `${this.#story.name}-${'abcde'[this.#story.below(5)]}${this.#made++}`
    const numPartitions = 1 + this.#story.below(5)
    const wish = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }
    const json = { topics: [wish], timeoutMs: 20_000, validateOnly: false }
    // Settings of the two brokers differ.
    const said = await this.#story.pair.unseen(() => this.#story.put('admin', createTopics, 7, json))
    const [made] = (said?.topics ?? []) as { topicId: string; errorCode: number }[]
    if (made?.errorCode !== 0) throw new Error(`${name} is not made: ${JSON.stringify(made)}`)
    this.#story.topics.set(name, { id: made.topicId, partitions: numPartitions })
    await this.#untilHeard(name, numPartitions)
    return name
  }

  async deleteTopic(name: string): Promise<void> {
    await this.#story.put('admin', deleteTopics, 5, { topicNames: [name], timeoutMs: 20_000 })
    this.#story.topics.delete(name)
    await this.#untilHeard(name, 0)
  }

  async #untilHeard(name: string, partitions: number): Promise<void> {
    const topics = [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', name }]
    const json = { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false }
    for (let left = 100; left > 0; left--) {
      // Of two clusters.
      const said = await this.#story.pair.unseen(() => this.#story.put('metadata', metadata, 12, json))
      const [topic] = (said?.topics ?? []) as { partitions: { leaderId: number }[] }[]
      if (topic?.partitions.length === partitions && topic.partitions.every(({ leaderId }) => leaderId === 1))
        break
      await sleep(10)
    }
    await sleep(HEARD_MS)
  }

  async alterGroup(configs: Readonly<Record<string, string>>): Promise<void> {
    const entries = Object.entries(configs).map(([name, value]) => ({ name, configOperation: 0, value }))
    const resources = [{ resourceType: GROUP_RESOURCE, resourceName: this.#story.name, configs: entries }]
    await this.#story.put('admin', incrementalAlterConfigs, 1, { resources, validateOnly: false })
    await sleep(HEARD_MS)
    const asked = {
      resourceType: GROUP_RESOURCE,
      resourceName: this.#story.name,
      configurationKeys: Object.keys(configs),
    }
    await this.#story.put('admin', describeConfigs, 4, {
      ...{ resources: [asked], includeSynonyms: false, includeDocumentation: false },
    })
  }
}
