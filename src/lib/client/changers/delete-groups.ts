import { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { deleteGroups as deleteGroupsApi } from '../../protocol/apis/delete-groups.ts'
import type { Cluster } from '../cluster.ts'
import { groupRefusal } from '../groups/group-refusal.ts'
import { askCoordinators } from '../routing/by-coordinator.ts'
import { coordinated } from '../routing/coordinated.ts'
import { Refusal } from '../routing/refusal.ts'

/** Each coordinator is asked once for all of its groups. */
export async function deleteGroups(cluster: Cluster, groups: readonly string[]): Promise<Outcome<null>[]> {
  const answers = await askCoordinators(cluster, coordinated.group, groups, async (connection, own) => {
    const answer = await cluster.askOf(connection, deleteGroupsApi, { groupsNames: [...own] })
    return new Map(answer.results.map(({ groupId, errorCode }) => [groupId, outcomeOf(errorCode, groupId)]))
  })
  return groups.map((item) => {
    const answer = answers.get(item)
    return { item, outcome: answer instanceof KtoolError ? answer : (answer?.refused ?? null) }
  })
}

/** What passes by itself is asked again. */
function outcomeOf(errorCode: number, group: string): Refusal | { readonly refused: KtoolError | null } {
  const refusal = new Refusal(errorCode)
  return refusal.isWorthAnotherTry ? refusal : { refused: groupRefusal(errorCode, group) }
}
