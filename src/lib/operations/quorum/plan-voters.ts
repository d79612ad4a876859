import { FailedError, type KtoolError } from '../../errors.ts'
import type { ClusterStateView, QuorumReplica, QuorumState } from '../../model/cluster-state.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import { staticQuorum, type VoterEndpoint } from '../../model/quorum-changer.ts'
import { endpointInWords, type VoterWord, voterInWords } from './voter-words.ts'

export const VOTERS_PLAN = 'quorum.voters'

type View = Pick<ClusterStateView, 'quorum'>

/** A controller that reads the metadata log already gets a vote. */
export async function planNewVoter(
  view: View,
  word: VoterWord,
  endpoints: readonly VoterEndpoint[],
  origin: PlanOrigin,
): Promise<Planned> {
  const quorum = await view.quorum()
  const found = candidate(quorum, word)
  if (!('node' in found)) return refused(word, found, origin)
  const wanted = endpoints.map(endpointInWords)
  const isVoter = found.role !== 'Observer'
  if (isVoter && !isSameSet(found.listeners, wanted)) return refused(word, elsewhere(found, wanted), origin)
  const warnings = isVoter ? [] : evenness(votersOf(quorum).length + 1)
  const before = isVoter ? found.listeners : null
  const after = isVoter ? found.listeners : wanted
  const steps: Step[] = [{ item: nameOf(found), action: 'add', before, after }]
  return { plan: newPlan(VOTERS_PLAN, origin, steps, { warnings }), failures: [] }
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join(' ') === b.toSorted().join(' ')
}

function elsewhere(voter: QuorumReplica, wanted: readonly string[]): KtoolError {
  const [here, there] = [voter.listeners, wanted].map((each) => each.join(' '))
  return new FailedError(
    'voter-elsewhere',
    `${nameOf(voter)} has a vote already, at ${here}, not at ${there}`,
    {
      hint: 'ktool cluster quorum remove takes it away, so that it can be added anew',
    },
  )
}

/** Voters, one after the other, lose their vote; they go on reading. */
export async function planLostVoters(
  view: View,
  words: readonly VoterWord[],
  origin: PlanOrigin,
): Promise<Planned> {
  const quorum = await view.quorum()
  const told = words.map((word) => ({ word, found: voterMeant(quorum, word) }))
  const failures = told.flatMap(({ word, found }) =>
    'node' in found ? [] : [{ item: wordOf(word), error: found }],
  )
  // One voter may be named with its directory and without.
  const meant = new Set(told.map(({ found }) => found))
  const steps = [...meant].flatMap((found): Step[] => {
    if (!('node' in found)) return []
    const before = found.role === 'Observer' ? null : found.listeners
    return [{ item: nameOf(found), action: 'remove', before, after: null }]
  })
  const lost = steps.filter(({ before }) => before !== null).length
  const left = votersOf(quorum).length - lost
  if (lost > 0 && left < 1) return { plan: newPlan(VOTERS_PLAN, origin, []), failures: noneLeft(steps) }
  const isLeader = told.some(({ found }) => 'node' in found && found.role === 'Leader')
  const warnings = [
    ...(lost === 0 ? [] : evenness(left)),
    ...(isLeader ? [`node ${quorum.leader} leads the quorum: it hands that over as it is removed`] : []),
  ]
  return { plan: newPlan(VOTERS_PLAN, origin, steps, { warnings }), failures }
}

function noneLeft(steps: readonly Step[]) {
  return steps.map(({ item }) => ({
    item,
    error: new FailedError('last-voter', `without ${item} the quorum would have no voter left`, {
      hint: 'add another one first: ktool cluster quorum add',
    }),
  }))
}

function refused(word: VoterWord, error: KtoolError, origin: PlanOrigin): Planned {
  return { plan: newPlan(VOTERS_PLAN, origin, []), failures: [{ item: wordOf(word), error }] }
}

function candidate(quorum: QuorumState, word: VoterWord): QuorumReplica | KtoolError {
  if (isStatic(quorum)) return staticQuorum()
  const own = quorum.replicas.filter(({ node }) => node === word.node)
  const exact = own.filter((each) => word.directoryId === null || each.directoryId === word.directoryId)
  const voter = own.find(({ role }) => role !== 'Observer')
  if (voter !== undefined && !exact.includes(voter)) {
    return new FailedError('voter-exists', `node ${word.node} has a vote already, as ${nameOf(voter)}`, {
      hint: `if that directory is gone: ktool cluster quorum remove ${nameOf(voter)} first`,
    })
  }
  return oneOf(voter === undefined ? exact : [voter], word, () => notReading(quorum, word))
}

function voterMeant(quorum: QuorumState, word: VoterWord): QuorumReplica | KtoolError {
  if (isStatic(quorum)) return staticQuorum()
  const own = quorum.replicas.filter(
    ({ node, directoryId }) =>
      node === word.node && (word.directoryId === null || directoryId === word.directoryId),
  )
  const voters = own.filter(({ role }) => role !== 'Observer')
  return oneOf(voters.length > 0 ? voters : own, word, () => noVoter(quorum, word))
}

function oneOf(
  found: readonly QuorumReplica[],
  word: VoterWord,
  none: () => KtoolError,
): QuorumReplica | KtoolError {
  const [first] = found
  if (first === undefined) return none()
  if (found.length === 1) return first
  return new FailedError('which-directory', `node ${word.node} is there with several directories`, {
    hint: `say which: ${found.map(nameOf).join(', ')}`,
  })
}

function notReading(quorum: QuorumState, word: VoterWord): KtoolError {
  const others = quorum.replicas.filter(({ role }) => role === 'Observer').map(nameOf)
  const list = others.length === 0 ? 'nobody but the voters does' : `those that do: ${others.join(', ')}`
  return new FailedError('not-an-observer', `${wordOf(word)} does not read the metadata log`, {
    hint: `start it, formatted with --no-initial-controllers; ${list}`,
    details: { node: word.node, directoryId: word.directoryId },
  })
}

function noVoter(quorum: QuorumState, word: VoterWord): KtoolError {
  return new FailedError('no-such-voter', `${wordOf(word)} is no voter of this quorum`, {
    hint: `its voters: ${votersOf(quorum).map(nameOf).join(', ')}`,
    details: { node: word.node, directoryId: word.directoryId },
  })
}

/** Voters that stand in files have no directories. */
function isStatic(quorum: QuorumState): boolean {
  return votersOf(quorum).every(({ directoryId }) => directoryId === null)
}

export function votersOf({ replicas }: QuorumState): QuorumReplica[] {
  return replicas.filter(({ role }) => role !== 'Observer')
}

function nameOf({ node, directoryId }: QuorumReplica): string {
  return directoryId === null ? String(node) : voterInWords({ node, directoryId })
}

function wordOf({ node, directoryId }: VoterWord): string {
  return directoryId === null ? String(node) : voterInWords({ node, directoryId })
}

function evenness(count: number): string[] {
  if (count % 2 === 1) return []
  const loss = count / 2 - 1
  const fewer = count === 2 ? '1 does' : `${count - 1} do`
  return [`${count} voters bear the loss of ${loss === 0 ? 'none' : loss}, which is no more than ${fewer}`]
}
