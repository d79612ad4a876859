import { FailedError, KtoolError } from '../../errors.ts'
import type { ConfigsView } from '../../model/configs.ts'
import type { ConfigEdit } from '../../model/configs-changer.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import type { TopicState, TopicsChanger } from '../../model/topics-changer.ts'
import { planConfigs } from '../configs/plan-configs.ts'
import { planCreate } from './plan-create.ts'
import { planPartitions } from './plan-partitions.ts'
import { newTopicOfWish, type TopicWish } from './read-topics.ts'
import { topicPlans } from './topic-value.ts'

interface Asked {
  readonly topics: TopicsChanger
  readonly configs: ConfigsView
}

/** What it takes to make topics as they are wanted. What nobody asks for stays: topics, and configs that are not named. */
export async function planApply(
  { topics, configs }: Asked,
  wishes: readonly TopicWish[],
  origin: PlanOrigin,
): Promise<Planned> {
  const states = await topics.states(wishes.map(({ topic }) => topic))
  const known = wishes.map((wish, i) => ({ wish, state: states[i]?.outcome ?? null }))
  const absent = known.filter(({ state }) => state === null).map(({ wish }) => wish)
  const there = known.flatMap(({ wish, state }) => (isState(state) ? [{ wish, state }] : []))
  const unknown = known.flatMap(({ wish, state }) =>
    state instanceof KtoolError ? [{ item: wish.topic, error: state }] : [],
  )
  const parts = [
    await planCreate(topics, absent.map(newTopicOfWish), { ifNotExists: false }, origin),
    ...(await growth(topics, there, origin)),
    await planConfigs(
      configs,
      'topics',
      there.flatMap(({ wish }) => editsOf(wish)),
      origin,
    ),
  ]
  const plan = newPlan(
    topicPlans.apply,
    origin,
    parts.flatMap(({ plan }) => plan.steps),
    {
      settings: { type: 'topics' },
      warnings: parts.flatMap(({ plan }) => plan.warnings),
    },
  )
  const misplaced = there.flatMap(({ wish, state }) => replicaRefusal(wish, state))
  return { plan, failures: [...unknown, ...parts.flatMap(({ failures }) => failures), ...misplaced] }
}

interface There {
  readonly wish: TopicWish
  readonly state: TopicState
}

function growth(topics: TopicsChanger, there: readonly There[], origin: PlanOrigin): Promise<Planned[]> {
  const growing = there.flatMap(({ wish, state }) => {
    const count = wish.assignment?.length ?? wish.partitions
    return count === null || count === state.assignment.length ? [] : [{ wish, state, count }]
  })
  return Promise.all(
    growing.map(({ wish, state, count }) => {
      const assignment = wish.assignment?.slice(state.assignment.length) ?? null
      return planPartitions(topics, [wish.topic], { count, isMore: false, assignment }, origin)
    }),
  )
}

function editsOf({ topic, configs }: TopicWish): ConfigEdit[] {
  return Object.entries(configs).map(([name, value]) => ({
    resource: topic,
    name,
    edit: value === null ? ('unset' as const) : ('set' as const),
    value,
  }))
}

/** Moving replicas takes hours and has a command of its own. */
function replicaRefusal(
  { topic, replicationFactor, assignment }: TopicWish,
  state: TopicState,
): { item: string; error: KtoolError }[] {
  const wanted = assignment?.[0]?.length ?? replicationFactor
  const is = state.assignment[0]?.length ?? 0
  if (wanted === null || wanted === is) return []
  const error = new FailedError(
    'replicas-differ',
    `${topic} has ${is} ${is === 1 ? 'replica' : 'replicas'} of each partition, and ${wanted} are wanted`,
    {
      hint: `ktool topics alter ${topic} --replication-factor ${wanted} moves them`,
      details: { topic, replicas: is, wanted },
    },
  )
  return [{ item: topic, error }]
}

function isState(state: TopicState | KtoolError | null): state is TopicState {
  return state !== null && !(state instanceof KtoolError)
}

/** What of a plan makes a difference. */
export function differencesIn({ plan }: Planned): Step[] {
  return plan.steps.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
}
