import { javaHash } from '../../../../bytes/java-hash.ts'
import { BugError, KtoolError } from '../../../../errors.ts'
import { ApiError } from '../../../api-error.ts'
import { inJavaMapOrder } from '../../../java-map-order.ts'
import { appendError } from '../append-error.ts'
import { compileRe2, type Re2 } from '../re2/re2.ts'
import { Re2Error } from '../re2/re2-error.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerGroupRecord, ResolvedRegex } from './consumer-record.ts'
import type { ConsumerWorld } from './consumer-world.ts'
import type { MemberChange } from './epochs.ts'

/** Nobody needs a pattern resolved more often. */
const LEAST_INTERVAL_MS = 10_000
const NEVER_MS = 0x7fff_ffff

/** `resolved`: which topics the new pattern matches is known already. */
export type RegexChange = 'same' | 'changed' | 'resolved'

/** Patterns of topics, which the coordinator matches with the topics that there are, beside its other work (KIP-848). */
export class Regexes {
  readonly #world: ConsumerWorld

  constructor(world: ConsumerWorld) {
    this.#world = world
  }

  /** Throws for what is no pattern. */
  update(
    group: ConsumerGroup,
    { before, after }: MemberChange,
    mayDescribe: (topic: string) => boolean,
    records: ConsumerGroupRecord[],
  ): RegexChange {
    const [old, now] = [before.subscribedTopicRegex ?? '', after.subscribedTopicRegex ?? '']
    const hasChanged = before.subscribedTopicRegex !== after.subscribedTopicRegex
    let change: RegexChange = hasChanged ? 'changed' : 'same'
    let mustRefresh = false
    if (hasChanged) {
      if (old !== '' && group.regexMembers.get(old) === 1) {
        records.push({ kind: 'consumerRegex', group: group.groupId, regex: old, value: null })
      }
      if (now === '' && old !== '') change = 'resolved'
      else if (now !== '' && !group.regexMembers.has(now)) {
        mustBeRegex(now)
        mustRefresh = true
      } else if (now !== '' && group.regexes.has(now)) change = 'resolved'
    }
    this.#refreshIfDue(group, regexesAfter(group, old, now), mustRefresh, mayDescribe)
    return change
  }

  #refreshIfDue(
    group: ConsumerGroup,
    wanted: ReadonlySet<string>,
    mustRefresh: boolean,
    mayDescribe: (topic: string) => boolean,
  ): void {
    const { timers, shard } = this.#world
    if (!mustRefresh && group.regexMembers.size === 0) return
    const key = JSON.stringify(['regex', group.groupId])
    const { clock, consumer, topics } = shard.world
    const nowMs = clock.nowMs()
    const [last] = group.regexes.values()
    if (timers.isScheduled(key) || (last !== undefined && nowMs <= last.timestampMs + LEAST_INTERVAL_MS))
      return
    const isDue =
      mustRefresh ||
      wanted.size !== group.regexes.size ||
      (last?.version ?? 0) < topics.versionWithNewTopics ||
      last === undefined ||
      nowMs > last.timestampMs + consumer.regexRefreshIntervalMs
    if (!isDue || wanted.size === 0) return
    const { groupId } = group
    timers.schedule(key, 0, () => this.#resolve(groupId, wanted, mayDescribe))
  }

  #resolve(groupId: string, regexes: ReadonlySet<string>, mayDescribe: (topic: string) => boolean): void {
    const group = this.#world.shard.consumers.get(groupId)
    if (group === undefined) return
    try {
      const wanted = [...regexes].filter((regex) => group.regexMembers.has(regex))
      this.#write(group, this.#matched(wanted, mayDescribe))
    } catch (cause) {
      if (!(cause instanceof ApiError) && (!(cause instanceof KtoolError) || cause instanceof BugError))
        throw cause
      // The next heartbeat asks for it again.
      const facts = { group: groupId, error: appendError(cause) }
      this.#world.shard.world.log.log('warn', 'what patterns match cannot be written', facts)
    }
  }

  #matched(
    regexes: readonly string[],
    mayDescribe: (topic: string) => boolean,
  ): ReadonlyMap<string, ResolvedRegex> {
    const { topics, clock } = this.#world.shard.world
    const facts = { version: topics.version, timestampMs: clock.nowMs() }
    const names = topics.names()
    return new Map(
      inKafkasOrder(regexes).map((regex) => {
        const pattern = tryToCompile(regex)
        const matched = names.filter((name) => pattern?.matches(name) === true && mayDescribe(name))
        return [regex, { ...facts, topics: new Set(matched) }]
      }),
    )
  }

  #write(group: ConsumerGroup, resolved: ReadonlyMap<string, ResolvedRegex>): void {
    const { groupId } = group
    const { topics, clock } = this.#world.shard.world
    const subscriptions = group.subscriptions.copy()
    const records: ConsumerGroupRecord[] = []
    let isBumped = false
    for (const [regex, value] of resolved) {
      const before = group.regexes.get(regex)?.topics ?? new Set<string>()
      if (!sameSet(before, value.topics)) {
        isBumped = true
        subscriptions.moveMatches(before, value.topics)
      }
      records.push({ kind: 'consumerRegex', group: groupId, regex, value })
    }
    const metadataHash = topics.hashOf(subscriptions.names())
    isBumped ||= metadataHash !== group.metadataHash
    const epoch = group.epoch + 1
    if (isBumped) records.push({ kind: 'consumerEpoch', group: groupId, value: { epoch, metadataHash } })
    this.#world.shard.write(records)
    if (isBumped) group.refreshMetadataBy(clock.nowMs() + NEVER_MS, epoch)
  }
}

/** A new one is the first: Java puts what it computes in front of what is in the same bucket. */
function regexesAfter({ regexMembers }: ConsumerGroup, old: string, now: string): Set<string> {
  const isNew = now !== '' && !regexMembers.has(now)
  const regexes = new Set([...(isNew ? [now] : []), ...regexMembers.keys()])
  if (old !== now && old !== '' && regexMembers.get(old) === 1) regexes.delete(old)
  return regexes
}

function mustBeRegex(regex: string): void {
  try {
    compileRe2(regex)
  } catch (cause) {
    if (!(cause instanceof Re2Error)) throw cause
    const message = `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${cause.message}.`
    throw new ApiError('INVALID_REGULAR_EXPRESSION', message)
  }
}

/** Null for one that a Kafka to come has let in: it matches nothing. */
function tryToCompile(regex: string): Re2 | null {
  try {
    return compileRe2(regex)
  } catch (cause) {
    if (cause instanceof Re2Error) return null
    throw cause
  }
}

/** Of a map that was told how many there are going to be. */
function inKafkasOrder(regexes: readonly string[]): string[] {
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(1, regexes.length)))
  return inJavaMapOrder(regexes, javaHash, buckets)
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each))
}
