import { join } from 'node:path'
import { performSteps } from '../changes/perform-steps.ts'
import { writePlan } from '../changes/plan-file.ts'
import { type Prepared, prepare, prepareKept, refresh } from '../changes/prepare.ts'
import { type Kept, keepRollback } from '../changes/rollback.ts'
import type { StepResult, StepStatus } from '../changes/step-result.ts'
import { stateFolder } from '../config/user-folders.ts'
import type { ItemFailure } from '../model/outcome.ts'
import type { Change, Plan, Planned, PlanOrigin } from '../model/plan.ts'
import { render } from '../output/render.ts'
import { list, type Result } from '../output/result.ts'
import type { Shape } from '../output/shape.ts'
import { BaseCommand } from './base-command.ts'
import { type ChangeRow, changeRow, changeShape } from './change-shape.ts'
import { agree, type ConsentFlags, mustBeAnswerable, nameToType } from './consent.ts'
import { LongWork } from './long-work.ts'

export interface ChangeFlags extends ConsentFlags {
  readonly 'dry-run'?: boolean | undefined
  readonly 'plan-out'?: string | undefined
}

/** The cluster that is to be changed, as far as that matters to how it is gone about. */
export interface ChangedCluster {
  readonly settings: { readonly context: { readonly name: string; readonly isProtected: boolean } | null }
  readonly deadline: { pause(forMs: number): Promise<boolean>; renew(): void }
  nodes(): Promise<{ readonly clusterId: string | null }>
}

interface Job {
  readonly cluster: ChangedCluster
  readonly flags: ChangeFlags
  readonly change: Change
  readonly plan: Plan
  readonly failures: readonly ItemFailure[]
  readonly shape: Shape<ChangeRow>
}

/**
 * What every changing command is: it makes a plan, and this goes through with it, or only shows it. Each of them prints
 * the same rows.
 */
export abstract class ChangingCommand extends BaseCommand {
  /** The columns of its rows; a command may say more of its items, beside what all of them say. */
  protected readonly changeShape: Shape<ChangeRow> = changeShape

  /** Makes the plan, shows it, asks, keeps what undoes it, does it, and looks whether it is so. */
  protected async change(
    cluster: ChangedCluster,
    flags: ChangeFlags,
    change: Change,
    make: (origin: PlanOrigin) => Promise<Planned>,
  ): Promise<Result> {
    this.#mustBeAnswerable(flags)
    const { clusterId } = await cluster.nodes()
    const { plan, failures } = await make({ clusterId, madeAtMs: this.surroundings.clock.nowMs() })
    const job = { cluster, flags, change, plan, failures, shape: this.changeShape }
    return this.#goThrough(job, await prepare(change, plan))
  }

  /** A plan that was made before: all of it, or nothing if the cluster is not as it was then. */
  protected async changeAsKept(
    cluster: ChangedCluster,
    flags: ChangeFlags,
    change: Change,
    plan: Plan,
  ): Promise<Result> {
    this.#mustBeAnswerable(flags)
    const { clusterId } = await cluster.nodes()
    const prepared = await prepareKept(change, plan, clusterId)
    const job = { cluster, flags, change, plan, failures: [], shape: this.changeShape }
    return this.#goThrough(job, prepared)
  }

  async #goThrough(job: Job, prepared: Prepared): Promise<Result> {
    const { cluster, flags, change, plan } = job
    const planOut = flags['plan-out']
    if (flags['dry-run'] === true || planOut !== undefined) return this.#onlyShow(job, prepared)
    if (prepared.todo.length === 0) return rows(job, prepared.settled, nothingToDo(job, prepared))
    const isLater = await this.#agreed(job, prepared)
    if (isLater) cluster.deadline.renew()
    const { todo, settled } = isLater ? await refresh(change, plan, prepared) : prepared
    const toBeDone = { ...plan, steps: todo }
    const kept = await this.#keepRollback(change, toBeDone)
    const work = new LongWork(this.surroundings, this.said?.quiet === true)
    const left: ItemFailure[] = []
    const results = await performSteps(change, toBeDone, todo, {
      pause: (forMs) => cluster.deadline.pause(forMs),
      signal: this.surroundings.stop.take(),
      progress: (doneCount, totalCount) => work.count(doneCount, totalCount, 'changes'),
      report: (doneBytes, totalBytes) => work.turn(doneBytes, totalBytes),
      tell: async (note) => {
        await work.end()
        await this.tell(note)
      },
      leave: (item, error) => void left.push({ item, error }),
    })
    await work.end()
    const ended = kept && change.ended?.(kept.plan)
    if (kept && ended) await writePlan(this.surroundings.disk, kept.path, ended)
    return rows(
      { ...job, failures: [...job.failures, ...left] },
      [...settled, ...results],
      interruption(results),
    )
  }

  async #onlyShow(job: Job, prepared: Prepared): Promise<Result> {
    const { flags, plan } = job
    const { todo, settled } = prepared
    const path = flags['plan-out']
    if (path !== undefined) await writePlan(this.surroundings.disk, path, { ...plan, steps: todo })
    const shown =
      todo.length === 0 ? nothingToDo(job, prepared) : ['nothing was changed: this is what would be']
    const notes = path === undefined ? shown : [`nothing was changed; to do this: ktool apply ${path}`]
    return rows(job, [...settled, ...planned(todo)], [...plan.warnings, ...notes])
  }

  /** Whether a person was asked. */
  async #agreed({ cluster, flags, change, plan }: Job, { todo }: Prepared): Promise<boolean> {
    const items = [...new Set(todo.map(({ item }) => item))]
    const name = nameToType(change, items, cluster.settings.context)
    const isAsked = name === null ? flags.yes !== true && flags.confirm === undefined : flags.confirm !== name
    if (isAsked) await this.#showPlan(change, planned(todo))
    for (const warning of plan.warnings) await this.tell(warning)
    const text = todo.length === 1 ? 'Make this change' : `Make these ${todo.length} changes`
    return agree({ text, name }, flags, this.surroundings)
  }

  async #showPlan(change: Change, results: readonly StepResult[]): Promise<void> {
    const { stderr } = this.surroundings
    const shown = results.map((result) => changeRow(change, result))
    await render(list(this.changeShape, shown), { ...this.rendering(), format: 'table', stdout: stderr })
  }

  async #keepRollback(change: Change, plan: Plan): Promise<Kept | undefined> {
    const { disk, clock } = this.surroundings
    const kept = await keepRollback(disk, this.rollbackFolder, change, plan, clock.nowMs())
    const purpose = change.isIrreversible ? 'to have anew what can be had again' : 'to undo this'
    if (kept !== undefined) await this.tell(`${purpose}: ktool apply ${kept.path}`)
    return kept
  }

  /** Where is kept what undoes a change. */
  protected get rollbackFolder(): string {
    return join(stateFolder(this.surroundings), 'rollback')
  }

  #mustBeAnswerable(flags: ChangeFlags): void {
    if (flags['dry-run'] !== true && flags['plan-out'] === undefined) {
      mustBeAnswerable(flags, this.surroundings)
    }
  }
}

function planned(steps: Prepared['todo']): StepResult[] {
  return steps.map((step) => ({ step, status: 'planned' }))
}

/** In the order of the plan. */
function rows(
  { change, plan, failures, shape }: Job,
  results: readonly StepResult[],
  notes: readonly string[],
): Result {
  const places = new Map(plan.steps.map((step, i) => [step, i]))
  const inOrder = results.toSorted((a, b) => (places.get(a.step) ?? 0) - (places.get(b.step) ?? 0))
  const failed = inOrder.flatMap(({ step, error }) =>
    error === undefined ? [] : [{ item: step.item, error }],
  )
  return list(
    shape,
    inOrder.map((result) => changeRow(change, result)),
    { failures: [...failures, ...failed], failedRowCount: failed.length, notes },
  )
}

function nothingToDo({ failures }: Job, { settled }: Prepared): string[] {
  const isFailed = failures.length > 0 || countOf(settled, 'failed') > 0
  return isFailed ? [] : ['there is nothing to do: all is as it was to be']
}

function interruption(results: readonly StepResult[]): string[] {
  const count = countOf(results, 'interrupted')
  if (count === 0) return []
  return [`stopped: ${count} of ${results.length} changes were not begun; run it again to go on`]
}

function countOf(results: readonly StepResult[], wanted: StepStatus): number {
  return results.filter(({ status }) => status === wanted).length
}
