import type { Random } from '../../ports/random.ts'
import { ApiError } from '../api-error.ts'
import type { Charge, TopicDefaults, TopicWish } from './controller.ts'
import type { LiveTopics } from './live-topics.ts'
import { randomId } from './random-id.ts'
import { mustBeTopicName } from './topic-names.ts'
import { planTopic } from './topic-plan.ts'

/** A topic as it is going to be. */
export interface TopicPlan {
  readonly wish: TopicWish
  /** One that nobody has. */
  readonly topicId: string
  readonly replicas: readonly (readonly number[])[]
}

interface PlannerFacts {
  readonly nodeId: number
  readonly defaults: TopicDefaults
  readonly random: Random
  readonly hasOpenDirectory: () => boolean
}

/** What can be of a wish for a topic, beside the topics that are there. */
export class TopicPlanner {
  readonly #topics: LiveTopics
  readonly #facts: PlannerFacts

  constructor(topics: LiveTopics, facts: PlannerFacts) {
    this.#topics = topics
    this.#facts = facts
  }

  /** Throws an ApiError for each thing that Kafka refuses, in Kafka's order. */
  plan(wish: TopicWish, charge: Charge): TopicPlan {
    const { name, configs } = wish
    const { nodeId, defaults, hasOpenDirectory } = this.#facts
    mustBeTopicName(name)
    if (this.#topics.byName(name) !== undefined) {
      throw new ApiError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`)
    }
    const other = this.#topics.colliding(name)
    if (other !== undefined) {
      const message = `Topic '${name}' collides with existing topic: ${other}`
      throw new ApiError('INVALID_TOPIC_EXCEPTION', message)
    }
    defaults.checkTopicConfigs(name, configs)
    const replicas = planTopic(wish, {
      nodeId,
      hasOpenDirectory: hasOpenDirectory(),
      defaultPartitions: defaults.partitions(),
      defaultReplicationFactor: defaults.replicationFactor(),
    })
    charge(replicas.length)
    return { wish, topicId: this.#newTopicId(), replicas }
  }

  tryToPlan(wish: TopicWish, charge: Charge): TopicPlan | ApiError {
    try {
      return this.plan(wish, charge)
    } catch (cause) {
      if (cause instanceof ApiError) return cause
      throw cause
    }
  }

  #newTopicId(): string {
    for (;;) {
      const id = randomId(this.#facts.random)
      if (this.#topics.byId(id) === undefined) return id
    }
  }
}
