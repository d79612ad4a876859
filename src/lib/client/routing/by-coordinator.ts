import { KtoolError } from '../../errors.ts'
import { findCoordinator } from '../../protocol/apis/find-coordinator.ts'
import type { Cluster } from '../cluster.ts'
import { askRouted, gather, type Routes, type Routing } from './ask-routed.ts'
import type { Coordinated } from './coordinated.ts'
import { inParallel } from './in-parallel.ts'
import { Refusal } from './refusal.ts'
import { withoutCoordinator } from './without-coordinator.ts'

/** Kafka 3.0 and later tell many at once. */
const MANY_AT_ONCE = 4
const SINGLES_AT_ONCE = 16
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000
const RESERVED_SHARE = 0.5
/** A partition that is led by nobody for longer than all but the last of them take is not between two leaders. */
const TRIES_WITHOUT_LEADER = 5
const NONE: ReadonlyMap<string, KtoolError> = new Map()

/** Asks the coordinators of groups or transactions, each once for all of its own. */
export function askCoordinators<Answer>(
  cluster: Cluster,
  kind: Coordinated,
  keys: readonly string[],
  ask: Routing<string, Answer>['ask'],
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
  // What was found has to be asked then, whatever is not found.
  const reservedMs = cluster.deadline.leftMs() * RESERVED_SHARE
  let open = keys
  const found: Found = new Map()
  // The first question ever makes the broker create the coordinators' topic, which takes a while.
  for (let tries = 1; open.length > 0; tries += 1) {
    const told = isMany ? await findMany(cluster, kind, open) : await findSingly(cluster, kind, open)
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS)
    const isTime = cluster.deadline.leftMs() - pauseMs > reservedMs
    const isOpen = isTime && tries < TRIES_WITHOUT_LEADER
    const lost = isOpen ? NONE : await withoutCoordinator(cluster, kind, refusedOf(told))
    open = open.filter((key) => {
      const answer = told.get(key)
      const isRefused = answer instanceof Refusal && answer.isWorthAnotherTry
      if (isRefused && !lost.has(key)) return true
      const settled = (isRefused ? lost.get(key) : undefined) ?? answer
      if (settled !== undefined) found.set(key, settled instanceof Refusal ? settled.asError() : settled)
      return false
    })
    if (open.length === 0) break
    if (isTime && (await cluster.deadline.pause(pauseMs))) continue
    for (const key of open) found.set(key, finally_(told.get(key), cluster))
    break
  }
  return found
}

function refusedOf(told: Told): string[] {
  return [...told].flatMap(([key, answer]) =>
    answer instanceof Refusal && answer.isWorthAnotherTry ? [key] : [],
  )
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
