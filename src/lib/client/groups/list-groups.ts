import { KtoolError } from '../../errors.ts'
import type { Figure } from '../../model/figure.ts'
import type { GroupListing } from '../../model/groups.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { listGroups } from '../../protocol/apis/list-groups.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { coordinated } from '../routing/coordinated.ts'
import { everyBroker } from '../routing/every-broker.ts'
import { Refusal } from '../routing/refusal.ts'
import { unledCoordinators } from '../routing/without-coordinator.ts'
import { describeOwn } from './describe-own.ts'
import { stateOf, typeOf } from './group-words.ts'

const NOT_TOLD: Figure = { unknown: true, reason: 'a list does not tell it; ktool groups describe does' }
/** Since then a list has states (KIP-518). */
const STATES_SINCE = 4
const PAUSE_MS = 100
const TRIES = 5

type Told = AnswerOf<typeof listGroups>['groups']

/** Each broker tells the groups that it coordinates; one that does not, and a coordinator that is not there, is a failure among them. */
export async function allGroups(cluster: Cluster): Promise<Outcome<GroupListing>[]> {
  const [brokers, unled] = await Promise.all([
    everyBroker(cluster, (connection) => groupsOf(cluster, connection)),
    unledCoordinators(cluster, coordinated.group, 'the groups'),
  ])
  const found = new Map<string, GroupListing>()
  const failures: Outcome<GroupListing>[] = []
  for (const { item, outcome } of brokers) {
    if (outcome instanceof KtoolError) failures.push({ item, outcome })
    else for (const each of outcome) found.set(each.group, each)
  }
  const groups = [...found.values()].sort((a, b) => (a.group < b.group ? -1 : 1))
  return [...groups.map((outcome) => ({ item: outcome.group, outcome })), ...failures, ...unled]
}

async function groupsOf(cluster: Cluster, connection: Connection): Promise<GroupListing[]> {
  const told = await listed(cluster, connection)
  if (connection.versions.has(listGroups, { min: STATES_SINCE })) return told.map(listing)
  const described = await describeOwn(
    cluster,
    connection,
    told.map(({ groupId }) => groupId),
  )
  return told.map((each) => {
    const known = described.get(each.groupId)
    return known === undefined || known instanceof Refusal ? listing(each) : known
  })
}

/** A coordinator that has just begun is asked again. */
async function listed(cluster: Cluster, connection: Connection): Promise<Told> {
  for (let tries = 1; ; tries += 1) {
    const { errorCode, groups } = await cluster.askOf(connection, listGroups, {})
    if (errorCode === 0) return groups
    const refusal = new Refusal(errorCode)
    const isLast = !refusal.isWorthAnotherTry || tries === TRIES
    if (isLast || !(await cluster.deadline.pause(PAUSE_MS * tries))) throw refusal.asError()
  }
}

function listing({ groupId, protocolType, groupState, groupType }: Told[number]): GroupListing {
  return {
    group: groupId,
    type: typeOf(groupType),
    protocolType,
    state: stateOf(groupState),
    memberCount: NOT_TOLD,
  }
}
