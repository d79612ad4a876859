import type { Inlet } from './surroundings.ts'

/** stdin, which nothing touches until a command asks for it. */
export function stdinInlet(process: NodeJS.Process): Inlet {
  return {
    get isTerminal() {
      return process.stdin.isTTY === true
    },
    async *chunks() {
      for await (const chunk of process.stdin) yield chunk as Uint8Array
    },
  }
}
