import { sanitise } from '../output/sanitise.ts'
import { tableColumns } from '../output/shape.ts'
import type { Sample, WatchedTab } from '../output/watch.ts'
import { type FrameParts, frame, type Line, pageRows } from './frame.ts'
import { bare, nameOf, type ShownRow, shownRows } from './screen-rows.ts'
import { firstState, type Key, pressed, type ScreenState } from './screen-state.ts'
import { Trends } from './trends.ts'

export interface WatchScreen {
  readonly title: string
  readonly tabs: readonly WatchedTab[]
  readonly everyMs: number
  readonly nowMs: () => number
}

interface Round {
  readonly sample: Sample
  readonly problems: readonly string[]
}

const nothingYet: Round = { sample: { rows: [], summary: 'asking …' }, problems: [] }

/** What a screen shows, and what keys and rounds make of it; it draws nothing itself. */
export class WatchModel {
  readonly #screen: WatchScreen
  readonly #rounds = new Map<WatchedTab, Round>()
  readonly #trends = new Map<WatchedTab, Trends>()
  #state: ScreenState
  /** A row that was opened into a tab of its own, and where one was before. */
  readonly #within: { readonly tab: WatchedTab; readonly before: ScreenState }[] = []

  constructor(screen: WatchScreen) {
    this.#screen = screen
    this.#state = firstState(screen.tabs[0]?.sortBy)
  }

  get isPaused(): boolean {
    return this.#state.isPaused
  }

  /** The tab that is looked at. */
  get tab(): WatchedTab {
    const tab = this.#within.at(-1)?.tab ?? this.#screen.tabs[this.#state.tab] ?? this.#screen.tabs[0]
    if (tab === undefined) throw new RangeError('a screen without tabs')
    return tab
  }

  /** A letter of a filter is none of our keys. */
  quitsBy({ input }: Key): boolean {
    return input === 'q' && !this.#state.isTyping
  }

  press(key: Key, lines: number): void {
    const rows = this.#rows()
    const row = rows[Math.min(this.#state.cursor, rows.length - 1)]
    if (this.#goesIn(key, row) || this.#goesOut(key)) return
    const before = this.#state.tab
    this.#state = pressed(this.#state, key, {
      tabCount: this.#within.length > 0 ? 1 : this.#screen.tabs.length,
      sortKeys: tableColumns(this.tab.shape).map((column) => column.key),
      rowCount: rows.length,
      pageRows: pageRows({ lines, problems: this.#round().problems }),
      rowName: row?.name ?? null,
    })
    if (this.#state.tab !== before) this.#sortAsTabWants()
  }

  /** Asks for the rows of the tab that is looked at. */
  async round(): Promise<void> {
    const tab = this.tab
    const round = await roundOf(tab, this.#rounds.get(tab))
    this.#rounds.set(tab, round)
    const { trend } = tab
    const column = tab.shape.columns.find(({ key }) => key === trend)
    if (column === undefined) return
    const trends = this.#trends.get(tab) ?? new Trends()
    this.#trends.set(tab, trends)
    trends.add(
      new Map(round.sample.rows.map((row) => [nameOf(tab.shape, row), numberOf(bare(column.value(row)))])),
    )
  }

  frame(columns: number, lines: number): Line[] {
    const { title, tabs, everyMs, nowMs } = this.#screen
    const { sample, problems } = this.#round()
    const trends = this.#trends.get(this.tab)
    const parts: FrameParts = {
      title: this.#within.length > 0 ? `${title}: ${this.tab.title}` : title,
      tabs: this.#within.length > 0 ? [] : tabs.map((tab) => tab.title),
      shape: this.tab.shape,
      rows: this.#rows(),
      state: this.#state,
      trendOf: this.tab.trend === undefined ? null : (name) => trends?.of(name) ?? [],
      summary: sample.summary ?? '',
      problems,
      everyMs,
      nowMs: nowMs(),
      columns,
      lines,
    }
    return frame(parts)
  }

  #goesIn({ name }: Key, row: ShownRow | undefined): boolean {
    const { isTyping, isHelp } = this.#state
    if (name !== 'enter' || isTyping || isHelp || row === undefined) return false
    const tab = this.tab.open?.(row.row)
    if (tab === undefined) return false
    this.#within.push({ tab, before: this.#state })
    this.#state = { ...firstState(tab.sortBy), isPaused: this.#state.isPaused }
    return true
  }

  #goesOut({ name }: Key): boolean {
    const { opened, isTyping, isHelp, filter } = this.#state
    if ((name !== 'escape' && name !== 'backspace') || isTyping || isHelp) return false
    if (opened !== null || filter !== '') return false
    const last = this.#within.pop()
    if (last === undefined) return false
    this.#state = last.before
    return true
  }

  #sortAsTabWants(): void {
    const { sortBy } = this.tab
    if (sortBy === undefined) return
    this.#state = { ...this.#state, sortKey: sortBy.key, isDescending: sortBy.isDescending }
  }

  #round(): Round {
    return this.#rounds.get(this.tab) ?? nothingYet
  }

  #rows(): ShownRow[] {
    return shownRows(this.tab.shape, this.#round().sample.rows, this.#state, this.#screen.nowMs())
  }
}

/** A round that fails as a whole leaves what was there before, and says so. */
async function roundOf(tab: WatchedTab, before: Round | undefined): Promise<Round> {
  try {
    const sample = await tab.sample()
    const problems = (sample.failures ?? []).map(({ item, error }) => sanitise(`${item}: ${error.message}`))
    return { sample, problems }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { sample: before?.sample ?? { rows: [] }, problems: [sanitise(message)] }
  }
}

function numberOf(value: ReturnType<typeof bare>): number | null {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null
}
