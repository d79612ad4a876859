import { ConnectionError, KtoolError } from '../../errors.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { Refusal } from './refusal.ts'

/** Whom each item is asked of, and what there is nobody for. */
export interface Routes<Item> {
  readonly byBroker: ReadonlyMap<number, readonly Item[]>
  readonly lost: ReadonlyMap<string, KtoolError>
}

export interface Routing<Item, Answer> {
  readonly keyOf: (item: Item) => string
  /** Anew: what was known before has turned out to be stale. */
  readonly route: (items: readonly Item[], isAnew: boolean) => Promise<Routes<Item>>
  /** All of one broker's items in one go; an item without an answer of its own is not among them. */
  readonly ask: (
    connection: Connection,
    items: readonly Item[],
    brokerId: number,
  ) => Promise<ReadonlyMap<string, Answer | Refusal>>
}

/** One more item for a broker. */
export function gather<Item>(byBroker: Map<number, Item[]>, id: number, item: Item): void {
  const own = byBroker.get(id)
  if (own === undefined) byBroker.set(id, [item])
  else own.push(item)
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000
/** A leader that has moved is known to all after one of them or two. */
const TRIES = 6

/**
 * Asks each broker once for all that is its own, and again for what has moved meanwhile. A broker that cannot be
 * reached is the answer to its own items alone.
 */
export async function askRouted<Item, Answer>(
  cluster: Cluster,
  items: readonly Item[],
  routing: Routing<Item, Answer>,
): Promise<Map<string, Answer | KtoolError>> {
  const answers = new Map<string, Answer | KtoolError>()
  let open = items
  for (let tries = 1; open.length > 0; tries += 1) {
    const tried = await askOnce(cluster, open, routing, tries > 1)
    const isLast = tries === TRIES
    const again = open.filter((item) => {
      const answer = tried.get(routing.keyOf(item)) ?? unanswered()
      if (!isLast && isWorthAnotherTry(answer)) return true
      answers.set(routing.keyOf(item), answer instanceof Refusal ? answer.asError() : answer)
      return false
    })
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS)
    if (again.length > 0 && !(await cluster.deadline.pause(pauseMs))) {
      for (const item of again) answers.set(routing.keyOf(item), finally_(tried.get(routing.keyOf(item))))
      return answers
    }
    open = again
  }
  return answers
}

async function askOnce<Item, Answer>(
  cluster: Cluster,
  items: readonly Item[],
  { route, ask, keyOf }: Routing<Item, Answer>,
  isAnew: boolean,
): Promise<Map<string, Answer | Refusal | KtoolError>> {
  const { byBroker, lost } = await route(items, isAnew)
  const answers = new Map<string, Answer | Refusal | KtoolError>(lost)
  const asking = [...byBroker].map(async ([id, own]) => {
    try {
      const told = await ask(await cluster.broker(id), own, id)
      for (const [key, answer] of told) answers.set(key, answer)
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      for (const item of own) answers.set(keyOf(item), error)
    }
  })
  await Promise.all(asking)
  return answers
}

function isWorthAnotherTry(answer: unknown): boolean {
  if (answer instanceof Refusal) return answer.isWorthAnotherTry
  return answer instanceof ConnectionError && answer.code === 'connection-closed'
}

function finally_<Answer>(answer: Answer | Refusal | undefined): Answer | KtoolError {
  if (answer === undefined) return unanswered()
  return answer instanceof Refusal ? answer.asError() : answer
}

function unanswered(): KtoolError {
  return new ConnectionError('not-answered', 'the broker left it out of its answer')
}
