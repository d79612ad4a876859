import type { Outlet } from '../../../src/lib/output/outlet.ts'

export interface FakeOutlet extends Outlet {
  readonly chunks: (string | Uint8Array)[]
  text(): string
}

interface Options {
  isTerminal?: boolean
  hasColour?: boolean
  width?: number
  /** The reader leaves after so many writes. */
  closesAfter?: number
}

export function fakeOutlet(options: Options = {}): FakeOutlet {
  const {
    isTerminal = false,
    hasColour = false,
    width = 80,
    closesAfter = Number.POSITIVE_INFINITY,
  } = options
  const chunks: (string | Uint8Array)[] = []
  return {
    isTerminal,
    hasColour,
    width,
    chunks,
    text: () => Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as string))).toString(),
    async write(bytes) {
      if (chunks.length >= closesAfter) return false
      // What was written has left: its bytes may be used for something else.
      chunks.push(typeof bytes === 'string' ? bytes : Uint8Array.from(bytes))
      return true
    },
  }
}
