import { Cancelled, FailedError, KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Step, Underway } from '../../model/plan.ts'
import type { LogDirTarget } from '../../model/reassignments.ts'
import { Disks, diskBrokers, type LyingReplica, replicaName } from '../../operations/log-dirs.ts'
import { logDirAt } from '../../operations/partition-item.ts'
import { CANCELLED } from './cancelled-moves.ts'
import { placedOf } from './replicas-now.ts'

type Reassignments = Changers['reassignments']

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2000
/** A replica changes its directory in several pieces, and a broker that restarts is back after a while. */
const PATIENCE_MS = 2500
const SILENT_PATIENCE_MS = 45_000
const NOT_THERE_YET = 'replica-not-available'

/** What came of replicas that were to lie in other directories: only those partitions where it came to something. */
export type DirOutcomes = Map<string, KtoolError>

interface DirTarget extends LogDirTarget {
  /** The broker has no replica of it as yet. */
  readonly isNew: boolean
}

/** Replicas of these steps that are to lie in another directory than they did, or in one from the first. */
function dirTargets(steps: readonly Step[]): DirTarget[] {
  return steps.flatMap((step) => {
    const { at, before, after } = placedOf(step)
    return diskBrokers(before, after).flatMap((broker) => {
      const logDir = logDirAt(after, broker)
      return logDir === undefined ? [] : [{ ...at, broker, logDir, isNew: !before.replicas.includes(broker) }]
    })
  })
}

/** Since when a replica was not seen on its way, and whether that is because its broker tells nothing. */
interface Rest {
  readonly sinceMs: number
  readonly isSilent: boolean
}

/** Replicas that are on their way from one directory to another, or to come to one. */
export class LogDirMoves {
  readonly #reassignments: Reassignments
  readonly #targets: readonly DirTarget[]
  /** Those whose brokers had no replica yet, and only remember the directory until they restart. */
  #unborn: readonly LogDirTarget[] = []
  readonly outcomes: DirOutcomes = new Map()

  constructor(reassignments: Reassignments, steps: readonly Step[]) {
    this.#reassignments = reassignments
    this.#targets = dirTargets(steps)
  }

  /** Before the brokers are told of new replicas: those are then created where they shall lie. */
  async begin(): Promise<void> {
    this.#unborn = await this.#send(this.#targets.filter(({ isNew }) => isNew))
  }

  /** What lies there already goes when nobody has refused the rest of its step. */
  async proceed(): Promise<void> {
    const waiting = await this.#send(this.#open().filter(({ isNew }) => !isNew))
    this.#unborn = [...this.#unborn, ...waiting]
  }

  /** Waits until all lie where they shall, or somebody wants to stop; what is then on its way goes on, or goes back. */
  async settle(underway: Underway, atStop: { readonly goesOn: boolean }): Promise<void> {
    const resting = new Map<LogDirTarget, Rest>()
    let totalBytes = 0
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
      const open = this.#open()
      if (open.length === 0) return
      const disks = await this.#look(open)
      const left = open.filter((target) => !isThere(target, lying(disks, target)))
      if (left.length === 0) return
      if (underway.signal.aborted) return this.#stop(left, disks, atStop.goesOn)
      const leftBytes = bytesLeft(left, disks)
      totalBytes = Math.max(totalBytes, leftBytes)
      await underway.report(totalBytes - leftBytes, totalBytes)
      await this.#encourage(left, disks, resting)
      await this.#reassignments.rest(pauseMs, underway.signal)
    }
  }

  #open(): DirTarget[] {
    return this.#targets.filter((target) => !this.outcomes.has(partitionName(target)))
  }

  async #look(targets: readonly LogDirTarget[]): Promise<Disks> {
    const brokers = [...new Set(targets.map(({ broker }) => broker))]
    return new Disks(await this.#reassignments.disks(brokers, targets))
  }

  /** Sends those to their directory; returns those that are not there yet. What is refused fails its partition. */
  async #send(targets: readonly LogDirTarget[]): Promise<LogDirTarget[]> {
    if (targets.length === 0) return []
    const told = await this.#reassignments.placeInLogDirs(targets)
    return targets.filter((target, i) => {
      const outcome = told[i]?.outcome ?? null
      if (outcome?.code === NOT_THERE_YET) return true
      if (outcome !== null) this.outcomes.set(partitionName(target), outcome)
      return false
    })
  }

  /** One that has come to another directory is sent anew, and what was sent already and does not move is given up. */
  async #encourage(
    left: readonly LogDirTarget[],
    disks: Disks,
    resting: Map<LogDirTarget, Rest>,
  ): Promise<void> {
    const nowMs = this.#reassignments.nowMs()
    const still = left.filter((target) => lying(disks, target)?.future !== target.logDir)
    for (const target of left) {
      const isSilent = disks.of(target.broker) instanceof KtoolError
      if (!still.includes(target)) resting.delete(target)
      // What a broker does that is back after a while is only seen from then on.
      else if (resting.get(target)?.isSilent !== isSilent) resting.set(target, { sinceMs: nowMs, isSilent })
    }
    const unborn = this.#unborn.filter((target) => still.includes(target))
    const waiting = await this.#send(unborn.filter((target) => lying(disks, target)?.current))
    this.#unborn = [...waiting, ...unborn.filter((target) => !lying(disks, target)?.current)]
    for (const target of still) {
      const told = disks.of(target.broker)
      const isSilent = told instanceof KtoolError
      const restedMs = nowMs - (resting.get(target)?.sinceMs ?? nowMs)
      if (restedMs < (isSilent ? SILENT_PATIENCE_MS : PATIENCE_MS)) continue
      const why = isSilent ? told : notMoving(target, lying(disks, target))
      if (!this.outcomes.has(partitionName(target))) this.outcomes.set(partitionName(target), why)
    }
  }

  /** Without its throttle a copy would take all that the disks can: it is begun again by the next run. */
  async #stop(left: readonly LogDirTarget[], disks: Disks, goesOn: boolean): Promise<void> {
    const moving = left.filter((target) => lying(disks, target)?.future === target.logDir)
    const back = left.flatMap((target) => {
      const current = lying(disks, target)?.current
      return current === undefined || current === null ? [] : [{ ...target, logDir: current }]
    })
    if (!goesOn) await this.#send(back)
    const begun = new Set(goesOn ? [...moving, ...this.#unborn] : [])
    for (const target of left) {
      const item = partitionName(target)
      if (!begun.has(target) && !this.outcomes.has(item)) this.outcomes.set(item, stopped())
    }
  }
}

function lying(disks: Disks, target: LogDirTarget): LyingReplica | undefined {
  return disks.replica(target, target.broker)
}

function isThere({ logDir }: LogDirTarget, replica: LyingReplica | undefined): boolean {
  return replica !== undefined && replica.current === logDir && replica.future === null
}

function bytesLeft(left: readonly LogDirTarget[], disks: Disks): number {
  return left.reduce((sum, target) => {
    const { sizeBytes = 0, futureBytes = 0 } = lying(disks, target) ?? {}
    return sum + Math.max(0, sizeBytes - futureBytes)
  }, 0)
}

function stopped(): Cancelled {
  return new Cancelled('stopped', 'it was stopped before this was done')
}

function notMoving(target: LogDirTarget, replica: LyingReplica | undefined): FailedError {
  const { current = null, future = null } = replica ?? {}
  const what = replicaName(target, target.broker)
  const details = { item: partitionName(target), broker: target.broker, logDir: target.logDir }
  if (current === null) {
    return new FailedError('replica-not-found', `${what} lies in no log directory that lives`, {
      hint: 'see whether a disk of that broker has failed: ktool cluster log-dirs',
      details,
    })
  }
  const goes = future === null ? 'is not on its way' : `is on its way to ${future}, and not`
  return new FailedError(CANCELLED, `${what} lies in ${current}, and ${goes} to ${target.logDir}`, {
    hint: 'somebody has cancelled its move, or the disk has failed; the same command again begins anew',
    details,
  })
}
