import { errorCodes } from '../../protocol/error-codes.ts'
import { inChunks } from '../../values/in-chunks.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { Refusal } from '../routing/refusal.ts'
import { askConsumerGroups, askShareGroups } from './assigned-groups.ts'
import { askClassicGroups } from './classic-groups.ts'
import type { GroupAsTold } from './group-words.ts'
import { askStreamsGroups } from './streams-groups.ts'

const GROUPS_AT_ONCE = 500

const askers = [askClassicGroups, askConsumerGroups, askShareGroups, askStreamsGroups] as const

/**
 * Groups of one coordinator, of whatever type: each type has its own question, and they are all asked at once, because
 * a name does not tell which type it is, and a group that a question is not for costs the broker nothing.
 */
export async function describeOwn(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, GroupAsTold | Refusal>> {
  const told = await Promise.all(
    askers.map(async (ask) => {
      const parts = inChunks(groups, GROUPS_AT_ONCE).map((part) => ask(cluster, connection, part))
      return new Map((await Promise.all(parts)).flatMap((part) => [...part]))
    }),
  )
  return new Map(groups.map((group) => [group, best(told.flatMap((each) => each.get(group) ?? []))]))
}

/** The answer of the type that it has; a refusal that says more than that it has another. */
function best(answers: readonly (GroupAsTold | Refusal)[]): GroupAsTold | Refusal {
  const found = answers.find((answer) => !(answer instanceof Refusal))
  const refusal = answers.find((answer) => answer instanceof Refusal && !isOtherType(answer))
  return found ?? refusal ?? new Refusal(errorCodes.GROUP_ID_NOT_FOUND)
}

function isOtherType({ errorCode }: Refusal): boolean {
  return errorCode === errorCodes.GROUP_ID_NOT_FOUND || errorCode === errorCodes.UNSUPPORTED_VERSION
}
