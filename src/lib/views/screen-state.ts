/** Where the person at the screen has got to. Keys change it, rounds do not. */
export interface ScreenState {
  readonly tab: number
  readonly sortKey: string | null
  readonly isDescending: boolean
  readonly filter: string
  /** Letters go into the filter. */
  readonly isTyping: boolean
  /** Of the rows that are shown. */
  readonly cursor: number
  /** All that is known of one row, by its name. */
  readonly opened: string | null
  readonly isPaused: boolean
  readonly isHelp: boolean
}

/** What the keys need to know of what is there. */
export interface ScreenFacts {
  readonly tabCount: number
  /** That rows can be sorted by. */
  readonly sortKeys: readonly string[]
  readonly rowCount: number
  readonly pageRows: number
  /** Of the row under the cursor. */
  readonly rowName: string | null
}

export interface Key {
  readonly input: string
  readonly name:
    | 'up'
    | 'down'
    | 'left'
    | 'right'
    | 'pageUp'
    | 'pageDown'
    | 'home'
    | 'end'
    | 'enter'
    | 'escape'
    | 'backspace'
    | 'tab'
    | 'letter'
}

export function firstState(sortBy?: { readonly key: string; readonly isDescending: boolean }): ScreenState {
  return {
    tab: 0,
    sortKey: sortBy?.key ?? null,
    isDescending: sortBy?.isDescending ?? false,
    filter: '',
    isTyping: false,
    cursor: 0,
    opened: null,
    isPaused: false,
    isHelp: false,
  }
}

export function pressed(state: ScreenState, key: Key, facts: ScreenFacts): ScreenState {
  if (state.isHelp) return { ...state, isHelp: false }
  if (state.isTyping) return typed(state, key)
  const moved = moves[key.name]?.(state, facts)
  if (moved !== undefined) return { ...state, cursor: within(moved, facts.rowCount) }
  switch (key.name) {
    case 'left':
    case 'right':
    case 'tab':
      return atTab(state, state.tab + (key.name === 'left' ? -1 : 1), facts)
    case 'enter':
      return { ...state, opened: state.opened === null ? facts.rowName : null }
    case 'escape':
    case 'backspace':
      return state.opened === null ? { ...state, filter: '' } : { ...state, opened: null }
    default:
      return lettered(state, key.input, facts)
  }
}

const moves: Partial<Record<Key['name'], (state: ScreenState, facts: ScreenFacts) => number>> = {
  up: ({ cursor }) => cursor - 1,
  down: ({ cursor }) => cursor + 1,
  pageUp: ({ cursor }, { pageRows }) => cursor - pageRows,
  pageDown: ({ cursor }, { pageRows }) => cursor + pageRows,
  home: () => 0,
  end: (_state, { rowCount }) => rowCount - 1,
}

function within(cursor: number, rowCount: number): number {
  return Math.max(0, Math.min(cursor, rowCount - 1))
}

function typed(state: ScreenState, { name, input }: Key): ScreenState {
  switch (name) {
    case 'enter':
      return { ...state, isTyping: false }
    case 'escape':
      return { ...state, isTyping: false, filter: '' }
    case 'backspace':
      return { ...state, filter: state.filter.slice(0, -1), cursor: 0 }
    case 'letter':
      return { ...state, filter: state.filter + input, cursor: 0 }
    default:
      return state
  }
}

function lettered(state: ScreenState, input: string, facts: ScreenFacts): ScreenState {
  if (/^[1-9]$/.test(input)) return atTab(state, Number(input) - 1, facts)
  switch (input) {
    case '/':
      return { ...state, isTyping: true }
    case 's':
      return { ...state, sortKey: nextOf(facts.sortKeys, state.sortKey), cursor: 0 }
    case 'r':
      return { ...state, isDescending: !state.isDescending, cursor: 0 }
    case 'p':
      return { ...state, isPaused: !state.isPaused }
    case '?':
    case 'h':
      return { ...state, isHelp: true }
    case 'k':
      return { ...state, cursor: within(state.cursor - 1, facts.rowCount) }
    case 'j':
      return { ...state, cursor: within(state.cursor + 1, facts.rowCount) }
    default:
      return state
  }
}

/** Round and round; what was sorted by belongs to the tab that is left. */
function atTab(state: ScreenState, tab: number, { tabCount }: ScreenFacts): ScreenState {
  const at = (tab + tabCount) % tabCount
  if (at === state.tab || tab >= tabCount + 1) return state
  return { ...firstState(), tab: at, isPaused: state.isPaused }
}

function nextOf(keys: readonly string[], key: string | null): string | null {
  if (keys.length === 0) return null
  return keys[(keys.indexOf(key ?? '') + 1) % keys.length] ?? null
}
