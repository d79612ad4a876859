import type { KtoolError } from '../../errors.ts'
import { noSuchTopic } from '../../model/not-found.ts'

/** A broker that knows no such topic has a sentence for every case; ours is of this one. */
export function ofTopic(topic: string, error: KtoolError): KtoolError {
  return error.code === 'unknown-topic-or-partition' ? noSuchTopic(topic) : error
}
