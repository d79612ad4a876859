import { FailedError, KtoolError } from '../errors.ts'
import type { TopicPartition } from '../model/groups.ts'
import { noSuchPartition, noSuchTopic } from '../model/not-found.ts'
import type { OffsetsView } from '../model/offsets.ts'
import { includesPartition, type TopicPartitions } from '../values/partitions.ts'
import type { GroupStanding } from './group-standing.ts'
import type { FileOffset } from './offset-files.ts'
import type { Commit, CommitPlace } from './plan-commits.ts'
import type { ResetQuestion } from './reset-question.ts'

/** A commit that is to be moved. */
export interface Wish {
  readonly place: CommitPlace
  readonly before: Commit | null
  /** Where to, if each has its own. */
  readonly said: Commit | null
}

export interface Failure {
  readonly item: string
  readonly error: KtoolError
}

export interface Wishes {
  readonly wishes: readonly Wish[]
  readonly failures: readonly Failure[]
}

/** Which commits of the groups a reset is about. */
export async function wishesOf(
  view: OffsetsView,
  standings: readonly GroupStanding[],
  question: ResetQuestion,
  source: GroupStanding | undefined,
): Promise<Wishes> {
  const { scope } = question
  const named = scope.kind === 'topics' ? await partitionsNamed(view, scope.topics) : undefined
  const failures: Failure[] = [...(named?.failures ?? [])]
  const wishes = standings.flatMap((standing) => {
    const said = saidFor(standing, question, source)
    if (said instanceof KtoolError) {
      failures.push({ item: standing.group, error: said })
      return []
    }
    const places = said ?? (named?.partitions ?? standing.places).map((at) => ({ ...at, commit: null }))
    const isWanted = scope.kind === 'topics' ? wantedBy(scope.topics) : () => true
    return places.filter(isWanted).map(({ topic, partition, commit }) => {
      const place = { group: standing.group, topic, partition }
      return { place, before: standing.commitOf(place), said: commit }
    })
  })
  return { wishes, failures }
}

type Said = TopicPartition & { readonly commit: Commit | null }

function saidFor(
  { group }: GroupStanding,
  { target, groups }: ResetQuestion,
  source: GroupStanding | undefined,
): readonly Said[] | KtoolError | undefined {
  if (target.kind === 'group') {
    return source?.places.flatMap((at) => {
      const commit = source.commitOf(at)
      return commit === null ? [] : [{ ...at, commit }]
    })
  }
  if (target.kind !== 'file') return undefined
  const own = target.offsets.filter((each) => each.group === group || each.group === null)
  if (own.some((each) => each.group === null) && groups.length > 1) return whose()
  return own.length === 0 ? notInFile(group) : own.map(asSaid)
}

function asSaid({ topic, partition, offset }: FileOffset): Said {
  return { topic, partition, commit: { offset, leaderEpoch: null, metadata: '' } }
}

function wantedBy(topics: readonly TopicPartitions[]): (at: TopicPartition) => boolean {
  return ({ topic, partition }) =>
    topics.some((each) => {
      return each.topic === topic && (each.ranges === undefined || includesPartition(each.ranges, partition))
    })
}

/** The partitions that there are of those that were named. */
export async function partitionsNamed(
  view: OffsetsView,
  topics: readonly TopicPartitions[],
): Promise<{ readonly partitions: readonly TopicPartition[]; readonly failures: readonly Failure[] }> {
  const partitions: TopicPartition[] = []
  const failures: Failure[] = []
  for (const { topic, ranges } of topics) {
    const known = await view.partitions(topic).catch(orError)
    if (known === undefined) failures.push({ item: topic, error: noSuchTopic(topic) })
    else if (known instanceof KtoolError) failures.push({ item: topic, error: known })
    else {
      const own = known.filter((each) => ranges === undefined || includesPartition(ranges, each))
      partitions.push(...own.map((partition) => ({ topic, partition })))
      for (const { first } of ranges ?? []) {
        if (known.includes(first)) continue
        const error = noSuchPartition({ topic, partition: first })
        failures.push({ item: `${topic}:${first}`, error })
      }
    }
  }
  return { partitions: distinct(partitions), failures }
}

function distinct(partitions: readonly TopicPartition[]): TopicPartition[] {
  return [...new Map(partitions.map((at) => [`${at.topic}:${at.partition}`, at])).values()]
}

function orError(error: unknown): KtoolError {
  if (error instanceof KtoolError) return error
  throw error
}

function notInFile(group: string): FailedError {
  return new FailedError('group-not-in-file', `the file has no offsets of the group "${group}"`)
}

function whose(): FailedError {
  return new FailedError('group-not-said', 'the file does not say which group its offsets are of', {
    hint: 'name one group, or write the group in front of each line',
  })
}
