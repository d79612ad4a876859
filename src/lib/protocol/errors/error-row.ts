/** One error code of Kafka's protocol, as it is written down. */
export interface ErrorRow {
  readonly code: number
  readonly name: string
  /** What Kafka's Java code calls it, and its logs with it. */
  readonly exception: string | null
  readonly nature: ErrorNature
  /** What has happened. */
  readonly about: string
  /** What to do next. */
  readonly hint: string
}

/**
 * How a client goes on. `retry`: the same again. `moved`: the same again, to whoever is asked for anew, such
 * as another coordinator. `staleMetadata`: the same again, after fetching the metadata. `abort`: abort the
 * transaction. `beginAgain`: the application makes a new client, or joins anew. `final`: none of these.
 */
export type ErrorNature = 'retry' | 'moved' | 'staleMetadata' | 'abort' | 'beginAgain' | 'final'
