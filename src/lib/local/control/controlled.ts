import type { StandingFault } from '../../broker/faults/fault-rule.ts'
import type { FaultWish } from '../../broker/faults/parse-fault.ts'
import { KtoolError, UsageError } from '../../errors.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import { parseDuration } from '../../values/durations.ts'
import { askControl, type ControlWorld, controlledDir } from './ask-control.ts'
import type { ClockRow } from './clock-shape.ts'
import { inFlags } from './fault-words.ts'

/** What commands say to a broker that runs. `typed` is the directory, where one was typed. */

export async function addFault(
  typed: string | undefined,
  fault: FaultWish,
  world: ControlWorld,
): Promise<StandingFault> {
  const question = { method: 'POST', path: '/faults', body: fault } as const
  return (await askControl(controlledDir(typed, world), question, world).catch((cause: unknown) => {
    throw cause instanceof UsageError ? new UsageError(cause.code, inFlags(cause.message), cause) : cause
  })) as StandingFault
}

export async function listFaults(typed: string | undefined, world: ControlWorld): Promise<StandingFault[]> {
  const answer = await askControl(controlledDir(typed, world), { method: 'GET', path: '/faults' }, world)
  return (answer as { faults: StandingFault[] }).faults
}

interface Cleared {
  readonly rows: readonly StandingFault[]
  readonly failures: readonly ItemFailure[]
}

export async function clearFaults(
  typed: string | undefined,
  ids: readonly string[],
  world: ControlWorld,
): Promise<Cleared> {
  const stray = ids.find((id) => !/^\d{1,9}$/.test(id))
  if (stray !== undefined) throw new UsageError('invalid-id', `"${stray}" is no id of a rule: it is a number`)
  const dataDir = controlledDir(typed, world)
  const rows: StandingFault[] = []
  const failures: ItemFailure[] = []
  for (const path of ids.length === 0 ? ['/faults'] : ids.map((id) => `/faults/${Number(id)}`)) {
    try {
      const answer = await askControl(dataDir, { method: 'DELETE', path }, world)
      rows.push(...(answer as { faults: StandingFault[] }).faults)
    } catch (error) {
      if (!(error instanceof KtoolError) || error.code !== 'no-such-fault') throw error
      failures.push({ item: path.slice('/faults/'.length), error })
    }
  }
  return { rows, failures }
}

export async function skipClock(
  typed: string | undefined,
  by: string,
  world: ControlWorld,
): Promise<ClockRow> {
  const question = { method: 'POST', path: '/clock/skip', body: { byMs: parseDuration(by) } } as const
  return (await askControl(controlledDir(typed, world), question, world)) as ClockRow
}
