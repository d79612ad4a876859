import { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Cluster, Node } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { inParallel } from './in-parallel.ts'

/** More than any cluster has; an answer can name millions, each of which would be a socket. */
const AT_ONCE = 512

/** Asks all brokers, or some of them, side by side; one that does not answer is an error of its own. */
export async function everyBroker<Answer>(
  cluster: Cluster,
  ask: (connection: Connection, node: Node) => Promise<Answer>,
  ids?: readonly number[],
): Promise<(Outcome<Answer> & { readonly node: Node })[]> {
  const { brokers } = await cluster.nodes()
  const wanted = ids === undefined ? brokers : brokers.filter(({ id }) => ids.includes(id))
  return inParallel(wanted, AT_ONCE, async (node) => {
    const item = `broker ${node.id}`
    try {
      if (cluster.deadline.leftMs() === 0) throw cluster.deadline.missed(item)
      return { item, node, outcome: await ask(await cluster.broker(node.id), node) }
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      return { item, node, outcome: error }
    }
  })
}
