import type { Clock } from '../ports/clock.ts'
import { pause } from '../ports/pause.ts'
import type { Inlet } from './surroundings.ts'

/** stdin, which nothing touches until a command asks for it. */
export function stdinInlet(process: NodeJS.Process, clock: Clock): Inlet {
  return {
    get isTerminal() {
      return process.stdin.isTTY === true
    },
    async *chunks() {
      for await (const chunk of process.stdin) yield chunk as Uint8Array
      // Node tells a signal after an end of input that came later, in the loop's next look at what has happened;
      // without a pause the run would be over by then. One turn may end before that look, a second cannot.
      for (let turn = 0; turn < 2; turn++) await pause(clock, 0)
    },
  }
}
