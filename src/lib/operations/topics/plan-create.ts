import { FailedError, KtoolError } from '../../errors.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import type { CreatedTopic, NewTopic, TopicState, TopicsChanger } from '../../model/topics-changer.ts'
import { isWanted, type TopicValue, topicAsPlan, topicPlans, valueOfState } from './topic-value.ts'

type Failure = Planned['failures'][number]

/** Topics to be made, as the controller would make them; those that are there already stay as they are. */
export async function planCreate(
  changer: TopicsChanger,
  wishes: readonly NewTopic[],
  { ifNotExists }: { readonly ifNotExists: boolean },
  origin: PlanOrigin,
): Promise<Planned> {
  const states = await changer.states(wishes.map(({ topic }) => topic))
  const absent = wishes.filter((_, i) => states[i]?.outcome === null)
  const trials = absent.length === 0 ? [] : await changer.create(absent, true)
  const tried = new Map(trials.map(({ item, outcome }) => [item, outcome]))
  const steps: Step[] = []
  const failures: Failure[] = []
  for (const [i, wish] of wishes.entries()) {
    const made = stepOrError(wish, states[i]?.outcome ?? null, tried.get(wish.topic), ifNotExists)
    if (made instanceof KtoolError) failures.push({ item: wish.topic, error: made })
    else steps.push(made)
  }
  return { plan: newPlan(topicPlans.create, origin, steps), failures }
}

function stepOrError(
  wish: NewTopic,
  state: TopicState | KtoolError | null,
  trial: CreatedTopic | KtoolError | undefined,
  ifNotExists: boolean,
): Step | KtoolError {
  if (state instanceof KtoolError) return state
  const wanted = wantedValue(wish)
  if (state !== null) {
    if (!ifNotExists && !isWanted(wanted, state)) return exists(wish.topic, wanted, state)
    const { topicId: _itself, ...known } = valueOfState(state)
    const is = topicAsPlan(known)
    return { item: wish.topic, action: 'create', before: is, after: is }
  }
  if (trial instanceof KtoolError) return trial
  const after = topicAsPlan({ ...wanted, ...toldOf(wanted, trial) })
  return { item: wish.topic, action: 'create', before: null, after }
}

export function wantedValue({ partitions, replicationFactor, assignment, configs }: NewTopic): TopicValue {
  if (assignment === null) return { partitions, replicationFactor, configs }
  return {
    partitions: assignment.length,
    replicationFactor: assignment[0]?.length ?? -1,
    configs,
    assignment,
  }
}

/** Before Kafka 2.4 a controller kept its own numbers to itself. */
function toldOf(wanted: TopicValue, trial: CreatedTopic | undefined) {
  const { partitions = -1, replicationFactor = -1 } = trial ?? {}
  return {
    partitions: partitions === -1 ? wanted.partitions : partitions,
    replicationFactor: replicationFactor === -1 ? wanted.replicationFactor : replicationFactor,
  }
}

function exists(topic: string, wanted: TopicValue, state: TopicState): FailedError {
  const is = valueOfState(state)
  const counts = [
    wanted.partitions === -1 || wanted.partitions === is.partitions ? '' : `${is.partitions} partitions`,
    wanted.replicationFactor === -1 || wanted.replicationFactor === is.replicationFactor
      ? ''
      : `${is.replicationFactor} replicas`,
  ].filter((words) => words !== '')
  const how = counts.length === 0 ? 'set otherwise' : `with ${counts.join(' and ')}`
  return new FailedError('topic-already-exists', `there is a topic "${topic}" already, ${how}`, {
    hint: 'ktool topics alter and ktool configs set change it; --if-not-exists leaves it as it is',
    details: { topic },
  })
}
