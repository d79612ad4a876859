import { isObject, type Json, type JsonObject } from './messages.ts'
import { partners } from './pairs.ts'
import { withProducer } from './record-bytes.ts'

/** Fields whose values a broker makes up, and clients give back. */
const MADE_UP_TEXT = new Set(['topicId', 'memberId', 'leader', 'clusterId'])
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

interface Producer {
  readonly producerId: number
  /** By how much our epochs are ahead of the recorded ones. */
  readonly epochsAhead: number
}

/** Which of our ids stands for which recorded one, learnt from answers and put into requests. */
export class Identities {
  readonly #texts = new Map<string, string>()
  readonly #producers = new Map<number, Producer>()
  readonly #sessions = new Map<number, number>()

  learn(recorded: Json, ours: Json, name = ''): void {
    if (Array.isArray(recorded) && Array.isArray(ours)) {
      // What is known already may be what an item is found by.
      const mines = partners(this.translate(recorded) as Json[], ours)
      recorded.forEach((item, i) => {
        const mine = mines[i]
        if (mine !== undefined) this.learn(item, mine, name)
      })
    } else if (isObject(recorded) && isObject(ours)) {
      this.#learnNumbers(recorded, ours)
      for (const [key, value] of Object.entries(recorded)) {
        const mine = ours[key]
        if (mine !== undefined) this.learn(value, mine, key)
      }
    } else if (typeof recorded === 'string' && typeof ours === 'string') {
      const isMadeUp = MADE_UP_TEXT.has(name) && recorded.length > 8
      if (isMadeUp && recorded !== ZERO_ID && ours !== ZERO_ID) this.#texts.set(recorded, ours)
    }
  }

  #learnNumbers(recorded: JsonObject, ours: JsonObject): void {
    // What stands beside an error is a default, not an id.
    if (recorded.errorCode !== 0 || ours.errorCode !== 0) return
    const [id, epoch] = [recorded.producerId, recorded.producerEpoch]
    const [producerId, producerEpoch] = [ours.producerId, ours.producerEpoch]
    if (isId(id) && isId(producerId) && isId(epoch) && isId(producerEpoch)) {
      this.#producers.set(id, { producerId, epochsAhead: producerEpoch - epoch })
    }
    const [session, ourSession] = [recorded.sessionId, ours.sessionId]
    if (isId(session) && isId(ourSession) && session > 0) this.#sessions.set(session, ourSession)
  }

  /** What we would have got, or what we have to send. */
  translate(recorded: Json, name = ''): Json {
    if (Array.isArray(recorded)) return recorded.map((item) => this.translate(item, name))
    if (isObject(recorded)) {
      const translated = Object.entries(recorded).map(([key, value]) => [key, this.translate(value, key)])
      return this.#withNumbers(Object.fromEntries(translated))
    }
    if (typeof recorded !== 'string') return recorded
    if (name === 'records') {
      return withProducer(recorded, (id, epoch) => {
        const known = this.#producers.get(id)
        return known && { producerId: known.producerId, producerEpoch: epoch + known.epochsAhead }
      })
    }
    if (name === 'errorMessage') return this.#withTexts(recorded)
    return this.#texts.get(recorded) ?? recorded
  }

  /** Sentences name topics by their ids. */
  #withTexts(sentence: string): string {
    return sentence.replace(/[\w-]{22,}/g, (word) => this.#texts.get(word) ?? word)
  }

  #withNumbers(message: JsonObject): JsonObject {
    const translated = { ...message }
    if (message.errorCode !== undefined && message.errorCode !== 0) return translated
    for (const prefix of ['producer', 'v3AndBelowProducer']) {
      const [id, epoch] = [message[`${prefix}Id`], message[`${prefix}Epoch`]]
      const known = isId(id) ? this.#producers.get(id) : undefined
      if (known === undefined) continue
      translated[`${prefix}Id`] = known.producerId
      if (isId(epoch)) translated[`${prefix}Epoch`] = epoch + known.epochsAhead
    }
    const session = isId(message.sessionId) ? this.#sessions.get(message.sessionId) : undefined
    if (session !== undefined) translated.sessionId = session
    return translated
  }
}

function isId(value: Json | undefined): value is number {
  return typeof value === 'number' && value >= 0
}
