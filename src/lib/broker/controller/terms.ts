import type { PartitionLog } from '../../log/write/partition-log.ts'
import { abortTransactionRecord } from '../../protocol/records/cluster-metadata-records.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import { bootstrapTransaction } from './bootstrap.ts'
import type { TopicDefaults } from './controller.ts'
import { ELIGIBLE_LEADERS } from './features.ts'
import { raiseFormerLevels } from './former-levels.ts'
import { rememberEpoch } from './keep-copy.ts'
import { leavingLeadership, takingLeadership } from './leadership.ts'
import type { LiveTopics } from './live-topics.ts'
import type { MetadataJournal } from './metadata-journal.ts'
import { knownEpoch, writeQuorumState } from './quorum-state-file.ts'
import { randomId } from './random-id.ts'
import { type RecordVersions, recordVersionsOf } from './record-versions.ts'
import {
  brokerRegistration,
  controllerRegistration,
  cordoning,
  fencing,
  goodbye,
  type ListenerEndpoint,
  unfencing,
} from './registration.ts'

interface TermsFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'disk' | 'random' | 'log'>
  readonly dataDir: string
  readonly nodeId: number
  readonly directoryIds: readonly string[]
  /** Of these: those that take no new partitions. */
  readonly cordonedIds: () => readonly string[]
  readonly log: PartitionLog
  readonly defaults: Pick<TopicDefaults, 'minInsyncReplicas'>
}

/** This node's terms as leader of the quorum and as broker: each start begins one, each good stop ends one. */
export class Terms {
  readonly #facts: TermsFacts
  readonly #journal: MetadataJournal
  readonly #topics: LiveTopics
  #brokerEpoch = -1

  constructor(facts: TermsFacts, journal: MetadataJournal, topics: LiveTopics) {
    this.#facts = facts
    this.#journal = journal
    this.#topics = topics
  }

  /** Of the registration; −1 before it. */
  get brokerEpoch(): number {
    return this.#brokerEpoch
  }

  /** Partitions that nobody assigned by hand go to brokers that have one. */
  get hasOpenDirectory(): boolean {
    const known = this.#journal.kept.brokers.get(this.#facts.nodeId)
    if (known === undefined || known.logDirs.length === 0) return true
    const cordoned = known.cordonedLogDirs ?? []
    return known.logDirs.some((id) => !cordoned.includes(id))
  }

  begin(endpoints: readonly ListenerEndpoint[], rack: string | null): void {
    this.#beginEpoch()
    const { nodeId, directoryIds, ports } = this.#facts
    const registrant = { nodeId, directoryIds, endpoints, rack }
    if (this.#versions().hasControllerRegistrations) {
      this.#journal.append([controllerRegistration(registrant, randomId(ports.random))])
    }
    this.#fenceFormerSelf()
    this.#brokerEpoch = this.#journal.endOffset
    const facts = { incarnationId: randomId(ports.random), brokerEpoch: this.#brokerEpoch }
    this.#journal.append([brokerRegistration(registrant, facts, this.#versions())])
    this.#unfence()
  }

  end(): void {
    const registered = { brokerId: this.#facts.nodeId, brokerEpoch: BigInt(this.#brokerEpoch) }
    this.#journal.appendSeries([goodbye(registered), ...this.#leaving()])
    this.#journal.append([fencing(registered)])
  }

  /** Where it is not known yet which directories are cordoned. */
  tellCordoned(): void {
    const { nodeId, cordonedIds } = this.#facts
    const known = this.#journal.kept.brokers.get(nodeId)
    const isServing = known !== undefined && known.brokerEpoch === BigInt(this.#brokerEpoch)
    if (!isServing || !this.#versions().hasCordonedDirectories) return
    const cordoned = new Set(cordonedIds())
    const before = known.cordonedLogDirs
    if (before?.length === cordoned.size && before.every((id) => cordoned.has(id))) return
    const { brokerId, brokerEpoch } = known
    this.#journal.append([cordoning({ brokerId, brokerEpoch }, [...cordoned])])
  }

  #beginEpoch(): void {
    const { ports, dataDir, log, nodeId, defaults } = this.#facts
    const { state, epoch: lastEpoch } = this.#journal
    const epoch = Math.max(lastEpoch, log.latestEpoch ?? -1, knownEpoch(ports.disk, log.path), 0) + 1
    const isDynamic = (state.features.get('kraft.version') ?? 0) > 0
    const isFirst = !state.features.has('metadata.version')
    if (!isFirst) this.#rememberEpoch(epoch)
    writeQuorumState(ports.disk, log.path, { leaderId: nodeId, leaderEpoch: epoch, isDynamic })
    this.#journal.beginEpoch(epoch, nodeId)
    if (this.#journal.isInTransaction) {
      this.#journal.append([abortTransactionRecord.encodeFramed({ reason: 'failover' }, 0)])
    }
    if (isFirst) {
      this.#journal.append(bootstrapTransaction(ports.disk, dataDir, defaults.minInsyncReplicas()))
      this.#rememberEpoch(epoch)
    } else raiseFormerLevels(this.#facts, this.#journal)
  }

  /** Where no registration tells it, and as far as the version is known before the epoch begins. */
  #rememberEpoch(epoch: number): void {
    const { ports, dataDir } = this.#facts
    if (!this.#versions().hasControllerRegistrations) rememberEpoch(ports.disk, dataDir, epoch)
  }

  /** After a stop that was none: the log still has this node serving. */
  #fenceFormerSelf(): void {
    const former = this.#journal.kept.brokers.get(this.#facts.nodeId)
    if (former === undefined || former.fenced) return
    const { brokerId, brokerEpoch } = former
    this.#journal.appendSeries([...this.#leaving(), fencing({ brokerId, brokerEpoch })])
  }

  #unfence(): void {
    const { nodeId } = this.#facts
    const registered = { brokerId: nodeId, brokerEpoch: BigInt(this.#brokerEpoch) }
    const versions = this.#versions()
    const leading = takingLeadership(this.#topics.sorted(), nodeId, versions)
    const cordoned = versions.hasCordonedDirectories ? [cordoning(registered, this.#facts.cordonedIds())] : []
    this.#journal.appendSeries([unfencing(registered), ...leading, ...cordoned])
  }

  #leaving(): Buffer[] {
    const keepsEligibleLeaders = this.#journal.state.features.has(ELIGIBLE_LEADERS)
    return leavingLeadership(
      this.#topics.sorted(),
      this.#facts.nodeId,
      this.#versions(),
      keepsEligibleLeaders,
    )
  }

  #versions(): RecordVersions {
    return recordVersionsOf(this.#journal.state.features.get('metadata.version') ?? 0)
  }
}
