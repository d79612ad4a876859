import { Cancelled, FailedError, KtoolError } from '../errors.ts'
import type { Change, Plan, Step, Underway } from '../model/plan.ts'
import { examine, outcomesOf } from './examine.ts'
import { failed, type StepResult } from './step-result.ts'

/** What a running change may wait for, and who may stop it. */
export interface Running {
  /** False where there is no time left for such a pause. */
  readonly pause: (forMs: number) => Promise<boolean>
  /** What was sent is still waited for; nothing more is sent. */
  readonly signal: AbortSignal
  /** How far one that takes long has come; and what it has to say. */
  readonly report?: Underway['report']
  readonly tell?: Underway['tell']
  readonly leave?: Underway['leave']
  /** Told between requests. */
  readonly progress?: (doneCount: number, totalCount: number) => Promise<void>
}

const STEPS_AT_ONCE = 100
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 1000
/** Whoever wants to stop waits for a second or so to hear what came of it. */
const LOOKS_AFTER_STOP = 6

/** Does the steps, and looks afterwards whether all is as it was to be: that counts, whatever was answered. */
export async function performSteps(
  change: Change,
  plan: Plan,
  steps: readonly Step[],
  running: Running,
): Promise<StepResult[]> {
  const sent = await send(change, plan, steps, running)
  const isVerified = (result: StepResult) => result.status !== 'interrupted'
  const verified = await verify(change, plan, sent.filter(isVerified), running)
  const queue = verified.values()
  return sent.map((result) => (isVerified(result) ? (queue.next().value ?? result) : result))
}

async function send(
  change: Change,
  plan: Plan,
  steps: readonly Step[],
  { signal, progress, report = silent, tell = silent, leave = () => {} }: Running,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  const atOnce = change.atOnce ?? STEPS_AT_ONCE
  for (let start = 0; start < steps.length; start += atOnce) {
    const part = steps.slice(start, start + atOnce)
    if (signal.aborted) results.push(...part.map((step) => ({ step, status: 'interrupted' as const })))
    else results.push(...(await sendPart(change, plan, part, { signal, report, tell, leave })))
    await progress?.(results.length, steps.length)
  }
  return results
}

async function silent(): Promise<void> {}

async function sendPart(
  change: Change,
  plan: Plan,
  part: readonly Step[],
  underway: Underway,
): Promise<StepResult[]> {
  const outcomes = await outcomesOf(part, () => change.perform(plan, part, underway))
  return part.map((step, i) => {
    const outcome = outcomes[i]?.outcome
    if (outcome instanceof Cancelled) return { step, status: 'interrupted' }
    return outcome instanceof KtoolError ? failed(step, outcome) : { step, status: 'done' }
  })
}

/** Brokers hear of a change one after the other: what is not seen yet is looked at again. */
async function verify(
  change: Change,
  plan: Plan,
  sent: readonly StepResult[],
  { pause, signal }: Running,
): Promise<StepResult[]> {
  const verified = new Map<Step, StepResult>()
  let open = sent
  for (let looks = 1; open.length > 0; looks += 1) {
    const seen = await look(change, plan, open)
    // A broker that refused will not do it later.
    const again = open.filter((result) => {
      const found = seen.get(result.step) ?? result
      verified.set(result.step, found)
      return result.status === 'done' && found.status === 'failed'
    })
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (looks - 1), LONGEST_PAUSE_MS)
    const isOver = again.length === 0 || (signal.aborted && looks >= LOOKS_AFTER_STOP)
    if (isOver || !(await pause(pauseMs))) break
    open = again
  }
  return sent.map((result) => verified.get(result.step) ?? result)
}

async function look(change: Change, plan: Plan, sent: readonly StepResult[]): Promise<Map<Step, StepResult>> {
  const examined = await examine(
    change,
    plan,
    sent.map(({ step }) => step),
  )
  return new Map(
    examined.map(({ step, standing, now }, i) => {
      if (standing === 'after')
        return [step, { step, status: 'done', ...(change.tellsSeen?.(step) === true && { seen: now }) }]
      const told = sent[i]
      if (told?.status === 'failed') return [step, told]
      if (change.isUnseen?.(step) === true) return [step, { step, status: 'done' }]
      if (standing === 'underway') return [step, { step, status: 'started' }]
      return [step, failed(step, standing instanceof KtoolError ? standing : notSeen(step))]
    }),
  )
}

function notSeen({ item }: Step): KtoolError {
  return new FailedError('not-verified', `the change of ${item} was accepted, and is not to be seen`, {
    hint: 'look again in a while, or run the same command again: it does nothing twice',
    details: { item },
  })
}
