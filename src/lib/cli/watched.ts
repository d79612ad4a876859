import { type RenderedResult, type Result, ran, stream, type WatchResult } from '../output/result.ts'
import { type Column, computed, type Shape } from '../output/shape.ts'
import type { WatchedTab } from '../output/watch.ts'
import { pause } from '../ports/pause.ts'
import type { Surroundings } from './surroundings.ts'

/** What is watched becomes a screen where somebody looks; elsewhere each round is rows with their time. */
export async function watched(
  result: Result,
  format: string | undefined,
  surroundings: Surroundings,
): Promise<RenderedResult> {
  if (result.kind !== 'watch') return result
  if (!isLookedAt(format, surroundings)) return asLines(result, surroundings)
  const { clock, stop, streams, atExit, job } = surroundings
  const { showScreen } = await import('../views/show-screen.ts')
  const signal = stop.take()
  await showScreen(
    { ...result, nowMs: () => clock.nowMs() },
    { streams: streams(), after: (delayMs, run) => clock.after(delayMs, run), stop: signal, atExit, job },
  )
  return ran(0, result.remarks)
}

/** A program that watches the output, or a machine that runs a script, gets lines. */
function isLookedAt(format: string | undefined, { stdin, stdout, environment }: Surroundings): boolean {
  const isForPeople = format === undefined || format === 'table'
  return (
    isForPeople && stdin.isTerminal && stdout.isTerminal && !environment.CI && environment.TERM !== 'dumb'
  )
}

interface Timed {
  readonly atMs: number
  readonly row: unknown
}

function asLines({ tabs, everyMs, remarks }: WatchResult, surroundings: Surroundings): RenderedResult {
  const [tab] = tabs
  return tab === undefined
    ? ran(0, remarks)
    : stream(timedShape(tab.shape), rounds(tab, everyMs, surroundings), remarks)
}

function timedShape({
  columns,
  metrics: _metrics,
  unfolded: _unfolded,
  name,
  ...rest
}: Shape<unknown>): Shape<Timed> {
  const at = computed<Timed>('at', ({ atMs }) => atMs, { kind: 'moment' })
  const others = columns.map(
    (column): Column<Timed> => ({
      ...column,
      value: ({ row }) => column.value(row),
      shown: ({ row }) => column.shown(row),
      colour: ({ row }) => column.colour(row),
    }),
  )
  return { ...rest, columns: [at, ...others], ...(name && { name: ({ row }: Timed) => name(row) }) }
}

async function* rounds(tab: WatchedTab, everyMs: number, { clock, stop }: Surroundings) {
  const signal = stop.take()
  while (!signal.aborted) {
    const { rows, failures = [] } = await tab.sample()
    const atMs = clock.nowMs()
    yield { rows: rows.map((row): Timed => ({ atMs, row })), failures }
    await pause(clock, everyMs, signal)
  }
}
