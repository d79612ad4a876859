import type { Key } from './screen-state.ts'

const ESCAPE = '\u001b'

const named: Readonly<Record<string, Key['name']>> = {
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001b[C': 'right',
  '\u001b[D': 'left',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001bOC': 'right',
  '\u001bOD': 'left',
  '\u001b[5~': 'pageUp',
  '\u001b[6~': 'pageDown',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
  '\u001bOH': 'home',
  '\u001bOF': 'end',
  '\u001b[1~': 'home',
  '\u001b[4~': 'end',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u001b[Z': 'left',
  '\u007f': 'backspace',
  '\b': 'backspace',
}
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const CTRL_Z = '\u001a'

/** A key of the screen, or one by which it is left, for good or for a while. */
export type Pressed = Key | 'quit' | 'suspend'

/** What a terminal sends, as keys: several may come at once, and some are longer than a character. */
export function keyOf(chunk: string): Pressed[] {
  const keys: Pressed[] = []
  for (let rest = chunk; rest !== ''; ) {
    const sequence = Object.keys(named).find((each) => rest.startsWith(each))
    const taken = sequence ?? unknownSequence(rest) ?? String.fromCodePoint(rest.codePointAt(0) ?? 0)
    rest = rest.slice(taken.length)
    const key = keyNamed(taken, sequence)
    if (key !== undefined) keys.push(key)
  }
  return keys
}

function keyNamed(taken: string, sequence: string | undefined): Pressed | undefined {
  if (taken === CTRL_C || taken === CTRL_D) return 'quit'
  if (taken === CTRL_Z) return 'suspend'
  if (taken === ESCAPE) return { input: '', name: 'escape' }
  if (sequence !== undefined) return { input: '', name: named[sequence] ?? 'letter' }
  return taken.startsWith(ESCAPE) || /\p{Cc}/u.test(taken) ? undefined : { input: taken, name: 'letter' }
}

/** A key that is of no use here is no row of letters either. */
function unknownSequence(text: string): string | undefined {
  if (!text.startsWith(ESCAPE)) return undefined
  const rest = /^[[O][0-9;]*[A-Za-z~]/.exec(text.slice(ESCAPE.length))?.[0]
  return rest === undefined ? undefined : ESCAPE + rest
}
