import { KtoolError } from '../../errors.ts'
import { findCoordinator } from '../../protocol/apis/find-coordinator.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askRouted, gather, type Routes } from './ask-routed.ts'
import { inParallel } from './in-parallel.ts'
import { Refusal } from './refusal.ts'

/** What a coordinator is asked for: the wire's numbers of it. */
export const coordinated = { group: 0, transaction: 1, sharePartition: 2 } as const
export type Coordinated = (typeof coordinated)[keyof typeof coordinated]

/** Kafka 3.0 and later tell many at once. */
const MANY_AT_ONCE = 4
const SINGLES_AT_ONCE = 16

/** Asks the coordinators of groups or transactions, each once for all of its own. */
export function askCoordinators<Answer>(
  cluster: Cluster,
  kind: Coordinated,
  keys: readonly string[],
  ask: (connection: Connection, own: readonly string[]) => Promise<ReadonlyMap<string, Answer | Refusal>>,
): Promise<Map<string, Answer | KtoolError>> {
  return askRouted(cluster, [...new Set(keys)], {
    keyOf: (key) => key,
    route: (items) => routeToCoordinators(cluster, kind, items),
    ask,
  })
}

async function routeToCoordinators(
  cluster: Cluster,
  kind: Coordinated,
  keys: readonly string[],
): Promise<Routes<string>> {
  const found = await findAll(cluster, kind, keys)
  const byBroker = new Map<number, string[]>()
  const lost = new Map<string, KtoolError>()
  for (const key of keys) {
    const where = found.get(key)
    if (typeof where === 'number') gather(byBroker, where, key)
    else if (where !== undefined) lost.set(key, where)
  }
  return { byBroker, lost }
}

type Found = Map<string, number | KtoolError>

async function findAll(cluster: Cluster, kind: Coordinated, keys: readonly string[]): Promise<Found> {
  const connection = await cluster.any()
  const isMany = connection.versions.has(findCoordinator, { min: MANY_AT_ONCE })
  let open = keys
  const found: Found = new Map()
  // The first question ever makes the broker create the coordinators' topic, which takes a while.
  for (let pauseMs = 50; open.length > 0; pauseMs = Math.min(pauseMs * 2, 1000)) {
    const told = isMany ? await findMany(cluster, kind, open) : await findSingly(cluster, kind, open)
    open = open.filter((key) => {
      const answer = told.get(key)
      if (answer instanceof Refusal && answer.isWorthAnotherTry) return true
      if (answer !== undefined) found.set(key, answer instanceof Refusal ? answer.asError() : answer)
      return false
    })
    if (open.length === 0 || (await cluster.deadline.pause(pauseMs))) continue
    for (const key of open) found.set(key, finally_(told.get(key), cluster))
    break
  }
  return found
}

type Told = Map<string, number | Refusal | KtoolError>

async function findMany(cluster: Cluster, kind: Coordinated, keys: readonly string[]): Promise<Told> {
  const question = { keyType: kind, coordinatorKeys: [...keys] }
  const { coordinators } = await cluster.ask(findCoordinator, question, { min: MANY_AT_ONCE })
  return new Map(
    coordinators.map(({ key, nodeId, errorCode, errorMessage }) => [
      key,
      errorCode === 0 ? nodeId : new Refusal(errorCode, errorMessage),
    ]),
  )
}

async function findSingly(cluster: Cluster, kind: Coordinated, keys: readonly string[]): Promise<Told> {
  const found = await inParallel(keys, SINGLES_AT_ONCE, async (key) => {
    const answer = await cluster.ask(findCoordinator, { key, keyType: kind }, { max: MANY_AT_ONCE - 1 })
    const { errorCode, errorMessage, nodeId } = answer
    return [key, errorCode === 0 ? nodeId : new Refusal(errorCode, errorMessage)] as const
  })
  return new Map(found)
}

function finally_(answer: number | Refusal | KtoolError | undefined, cluster: Cluster): KtoolError {
  if (answer instanceof Refusal) return answer.asError()
  return answer instanceof KtoolError ? answer : cluster.deadline.missed('the coordinator')
}
