/** A terminal, as far as a question needs it: where somebody types, and where it is asked. */
export interface PromptStreams {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}
