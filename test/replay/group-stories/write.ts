import { setTimeout as pass } from 'node:timers/promises'
import type { JoinQuestion, Question, Said, Story } from './events.ts'
import type { Recorder } from './record.ts'

/**
 * Things happen in the first moments of each turn, and time-outs end in others, one after another too: who is late
 * for what does not hang on a few milliseconds.
 */
const TURN_MS = 2310
const MOMENTS_MS = 200
const LATEST_MS = 300
const SOON_MS = TURN_MS + 330
const timeoutsMs = [SOON_MS, SOON_MS + TURN_MS]

interface Actor {
  readonly groupInstanceId: string | null
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  memberId: string
  generation: number
  members: readonly string[]
  phase: 'out' | 'waiting' | 'joined' | 'stable'
  metadata: string
}

/** Has members of a group of Kafka do what comes to the mind of `draw`, and writes down what comes of it. */
export class Storyteller {
  readonly #draw: () => number
  readonly #recorder: Recorder
  readonly #actors: Actor[]
  readonly #settings: Readonly<Record<string, number>>

  constructor(recorder: Recorder, settings: Readonly<Record<string, number>>, draw: () => number) {
    this.#recorder = recorder
    this.#settings = settings
    this.#draw = draw
    this.#actors = Array.from({ length: 5 }, (_, i) => ({
      groupInstanceId: i < 2 ? `static-${i}` : null,
      sessionTimeoutMs: this.#pick(timeoutsMs),
      rebalanceTimeoutMs: this.#pick(timeoutsMs),
      ...{ memberId: '', generation: -1, members: [], phase: 'out', metadata: 'as ever' },
    }))
  }

  /** The story ends early where the machine is too busy for things to happen in time. */
  async write(group: string, turns: number): Promise<Story> {
    const { events } = this.#recorder
    await this.#untilCoordinated()
    this.#recorder.begin()
    let end = 0
    for (let turn = 0; turn < turns; turn++) {
      const startMs = turn * TURN_MS
      await pass(Math.max(0, startMs - this.#recorder.nowMs))
      await this.#ask({ kind: 'describe' })
      const steps = 1 + Math.floor(this.#draw() * 6)
      for (let i = 0; i < steps && this.#recorder.nowMs < startMs + MOMENTS_MS; i++) await this.#step()
      if (this.#recorder.nowMs > startMs + LATEST_MS) break
      end = events.length
    }
    this.#recorder.close()
    return { group, settings: this.#settings, events: events.slice(0, end) }
  }

  async #untilCoordinated(): Promise<void> {
    let error = ''
    while (error !== 'GROUP_ID_NOT_FOUND') {
      await pass(50)
      await this.#ask({ kind: 'describe' }, (said) => {
        error = said.error
      })
    }
  }

  #pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.#draw() * of.length)] as T
  }

  async #step(): Promise<void> {
    const chance = this.#draw()
    const actor = chance < 0.72 ? this.#whoCan() : this.#pick(this.#actors)
    if (chance < 0.72) await this.#doRight(actor)
    else if (chance < 0.77) await this.#join(actor, true)
    else if (chance < 0.81) await this.#leave(actor)
    else if (chance < 0.87) await this.#commit(actor)
    else if (chance < 0.9) this.#restart(actor)
    else if (chance < 0.97) await this.#doWrong(actor)
    else await this.#ask({ kind: this.#pick(['committed', 'delete']) })
    await this.#ask({ kind: 'describe' })
  }

  /** Above all who is to ask for an assignment: otherwise the group hardly ever comes to rest. */
  #whoCan(): Actor {
    const joined = this.#actors.filter(({ phase }) => phase === 'joined')
    if (joined.length > 0 && this.#draw() < 0.8) return this.#pick(joined)
    const free = this.#actors.filter(({ phase }) => phase !== 'waiting')
    return this.#pick(free.length > 0 ? free : this.#actors)
  }

  async #doRight(actor: Actor): Promise<void> {
    if (actor.phase === 'out') await this.#join(actor, false)
    else if (actor.phase === 'joined') await this.#sync(actor)
    else if (actor.phase === 'stable') await this.#beat(actor)
  }

  async #join(actor: Actor, isOther: boolean): Promise<void> {
    if (isOther) actor.metadata = this.#pick(['as ever', 'otherwise'])
    const { memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, metadata } = actor
    const all = { one: metadata, two: 'second' }
    const question: JoinQuestion = {
      ...{ kind: 'join', memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs },
      version: groupInstanceId === null ? this.#pick([3, 4, 9]) : this.#pick([5, 9]),
      protocols:
        this.#draw() < 0.85
          ? all
          : this.#pick([{ two: 'second', one: metadata }, { two: metadata }, { three: '' }]),
    }
    actor.phase = 'waiting'
    const before = await this.#memberIds()
    let given: string | undefined
    const ask = await this.#ask(question, (said) => {
      if (memberId === '' && given === undefined && said.memberId !== '') given = String(said.memberId)
      this.#joined(actor, said)
    })
    if (memberId !== '') return
    // Who waits has an id already, which it will hear of later.
    const [made] = [...(await this.#memberIds())].filter((id) => !before.has(id))
    if (given ?? made) this.#recorder.giveId(ask, (given ?? made) as string)
    if (made !== undefined && actor.memberId === '') actor.memberId = this.#draw() < 0.5 ? made : ''
  }

  #joined(actor: Actor, said: Said): void {
    if (said.error === 'NONE') {
      actor.memberId = String(said.memberId)
      actor.generation = Number(said.generation)
      const members = said.skipAssignment === true ? [] : (said.members as { memberId: string }[])
      actor.members = members.map(({ memberId }) => memberId)
      actor.phase = 'joined'
    } else {
      actor.memberId = said.error === 'MEMBER_ID_REQUIRED' ? String(said.memberId) : ''
      actor.phase = 'out'
    }
  }

  async #sync(actor: Actor): Promise<void> {
    const { memberId, groupInstanceId, generation } = actor
    const named = actor.members.filter(() => this.#draw() < 0.9)
    const assignments = Object.fromEntries(named.map((id) => [id, `${generation} ${id.slice(-4)}`]))
    actor.phase = 'waiting'
    await this.#ask({ kind: 'sync', memberId, groupInstanceId, generation, assignments }, ({ error }) => {
      actor.phase = error === 'NONE' ? 'stable' : 'out'
      if (error !== 'NONE' && error !== 'REBALANCE_IN_PROGRESS') actor.memberId = ''
    })
  }

  async #beat({ ...actor }: Actor): Promise<void> {
    const { memberId, groupInstanceId, generation } = actor
    const own = this.#actors.find((other) => other.memberId === memberId)
    await this.#ask({ kind: 'beat', memberId, groupInstanceId, generation }, ({ error }) => {
      if (own === undefined || error === 'NONE') return
      own.phase = 'out'
      if (error !== 'REBALANCE_IN_PROGRESS') own.memberId = ''
    })
  }

  async #commit({ memberId, groupInstanceId, generation }: Actor): Promise<void> {
    const outside = { memberId: '', groupInstanceId: null, generation: -1 }
    const member = { memberId, groupInstanceId, generation }
    await this.#ask({ kind: 'commit', ...(this.#draw() < 0.8 ? member : outside) })
  }

  async #leave(actor: Actor): Promise<void> {
    const { memberId, groupInstanceId } = actor
    const leavers = [
      { memberId: groupInstanceId !== null && this.#draw() < 0.5 ? '' : memberId, groupInstanceId },
    ]
    if (this.#draw() < 0.2) leavers.push({ memberId: 'nobody', groupInstanceId: null })
    actor.phase = 'out'
    actor.memberId = ''
    await this.#ask({ kind: 'leave', leavers })
  }

  /** Another process with the same name. */
  #restart(actor: Actor): void {
    actor.memberId = ''
    actor.phase = 'out'
  }

  /** As somebody else, of another generation, or by another name. */
  async #doWrong(actor: Actor): Promise<void> {
    const other = this.#pick(this.#actors)
    const memberId = this.#pick([actor.memberId, other.memberId, 'nobody'])
    const groupInstanceId = this.#pick([actor.groupInstanceId, other.groupInstanceId, 'unheard-of'])
    const generation = actor.generation + this.#pick([-1, 0, 1])
    const who = { memberId, groupInstanceId, generation }
    const questions: readonly Question[] = [
      { kind: 'beat', ...who },
      { kind: 'commit', ...who },
      { kind: 'sync', ...who, assignments: {} },
      { kind: 'leave', leavers: [{ memberId, groupInstanceId }] },
      {
        ...{ kind: 'join', version: 9, memberId: memberId === '' ? 'nobody' : memberId, groupInstanceId },
        ...{ sessionTimeoutMs: SOON_MS, rebalanceTimeoutMs: SOON_MS, protocols: { one: 'as ever' } },
      },
    ]
    await this.#ask(this.#pick(questions))
  }

  async #memberIds(): Promise<ReadonlySet<string>> {
    let ids: readonly string[] = []
    await this.#ask({ kind: 'describe' }, ({ members }) => {
      ids = ((members ?? []) as { memberId: string }[]).map(({ memberId }) => memberId)
    })
    return new Set(ids)
  }

  /** Once Kafka has done what it does about it. */
  async #ask(question: Question, answered: (said: Said) => void = () => {}): Promise<number> {
    let isAnswered = false
    const ask = await this.#recorder.ask(question, (said) => {
      isAnswered = true
      answered(said)
    })
    const mayWait = question.kind === 'join' || (question.kind === 'sync' && !isLeading(question))
    const patienceMs = mayWait ? 40 : 1000
    for (let waitedMs = 0; !isAnswered && waitedMs < patienceMs; waitedMs += 2) await pass(2)
    // It may have woken others too.
    if (question.kind !== 'describe') await pass(6)
    return ask
  }
}

function isLeading(question: Question): boolean {
  return question.kind === 'sync' && Object.keys(question.assignments).length > 0
}
