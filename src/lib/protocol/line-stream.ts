import type { KtoolError } from '../errors.ts'
import type { Json } from '../schema/kind.ts'
import type { AnsweredLine } from './wire-lines.ts'

/** Answers to some lines of input, and the errors among them. */
export interface AnsweredChunk {
  readonly values: readonly Json[]
  readonly failures: readonly { readonly item: string; readonly error: KtoolError }[]
}

/** Answers JSON lines in their order, as they come in. Empty lines are passed over. */
export async function* answerLines(
  chunks: AsyncIterable<Uint8Array>,
  answer: (text: string, lineNumber: number) => AnsweredLine,
): AsyncGenerator<AnsweredChunk> {
  let lineNumber = 0
  for await (const lines of linesOf(chunks)) {
    const answered = lines.flatMap((text) => {
      lineNumber++
      return text.trim() === '' ? [] : [{ ...answer(text, lineNumber), lineNumber }]
    })
    if (answered.length > 0) yield asChunk(answered)
  }
}

function asChunk(answered: (AnsweredLine & { lineNumber: number })[]): AnsweredChunk {
  const failures = answered.flatMap(({ failure, lineNumber }) =>
    failure === undefined ? [] : [{ item: `line ${lineNumber}`, error: failure }],
  )
  return { values: answered.map(({ line }) => line), failures }
}

/** The whole lines of each chunk; a line that is spread over chunks comes with the last of them. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let begun = new BegunLine()
  for await (const chunk of chunks) {
    const [first = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n')
    begun.add(first)
    const last = rest.pop()
    if (last === undefined) continue
    yield [begun.text(), ...rest]
    begun = new BegunLine()
    begun.add(last)
  }
  begun.add(decoder.decode())
  const end = begun.text()
  if (end !== '') yield [end]
}

/** The runtime has no text beyond 512 MiB. A line that goes on and on is cut, and so answered with an error. */
const MAX_LINE_CHARACTERS = 256 * 2 ** 20

class BegunLine {
  readonly #pieces: string[] = []
  #length = 0

  add(piece: string): void {
    if (this.#length > MAX_LINE_CHARACTERS) return
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  text(): string {
    return this.#pieces.join('')
  }
}
