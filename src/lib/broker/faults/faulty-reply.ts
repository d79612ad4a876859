import { pause } from '../../ports/pause.ts'
import { metadata } from '../../protocol/apis/metadata.ts'
import { shareFetch } from '../../protocol/apis/share-fetch.ts'
import {
  closeConnection,
  type Handler,
  neverAnswered,
  noResponse,
  type Reply,
  type RequestContext,
} from '../apis/handler.ts'
import { askedOf } from './asked.ts'
import { withCorruptRecords } from './corrupt-records.ts'
import { errorAnswer } from './error-answer.ts'
import type { FaultRules, Strike } from './fault-rules.ts'
import { mergedAnswers } from './merged-answers.ts'
import type { StructValue } from './message-roles.ts'
import type { Outgoing } from './outgoing.ts'
import { itemOfRequest, itemsOf } from './request-items.ts'
import { withoutItems } from './without-items.ts'

/** A request on its way to its handler. */
interface FaultyRequest extends RequestContext {
  readonly head: { readonly handler: Handler }
  outgoing: Outgoing | undefined
  faultOf: RequestContext['faultOf']
}

type Answering = Reply<unknown> | Promise<Reply<unknown>>
type Handle = (request: StructValue) => Answering

interface Faulty {
  readonly handler: Handler
  readonly handle: Handle
  readonly context: FaultyRequest
  readonly topicName: (topicId: string) => string | undefined
}

/** What is answered by `handle`, and how the rules have it go wrong. */
export function faultyReply(
  rules: FaultRules,
  body: unknown,
  context: FaultyRequest,
  handle: Handle,
): Answering {
  const { node, connection, clientId, version } = context
  const { handler } = context.head
  const request = body as StructValue
  const topicName = (topicId: string) => node.controller.topicById(topicId)?.name
  const fields = handler.api.request.fields
  const strikes = rules.strikes({
    ...{ api: handler.api.name, version, clientId },
    listener: connection.listenerName,
    principal: connection.principal,
    items: () => itemsOf(askedOf(handler.api.key, version, request, node).request, fields, topicName),
  })
  if (strikes.length === 0) return handle(request)
  const faulty = { handler, handle, context, topicName }
  const go = () => struck(strikes, request, faulty)
  const delayMs = strikes.reduce((sum, strike) => sum + strike.delayMs, 0)
  if (delayMs === 0) return go()
  // Whoever has left is served all the same, as by a Kafka that has the request in its queue.
  return pause(node.ports.clock, delayMs, connection.gone).then(go)
}

function struck(strikes: readonly Strike[], request: StructValue, faulty: Faulty): Answering {
  const before = endingOf(strikes.filter(({ effects }) => !effects.after))
  if (before !== undefined) return before
  const handle = strikes.reduce<Handle>((inner, strike) => failing(inner, strike, faulty), faulty.handle)
  const reply = handle(request)
  const ending = endingOf(strikes)
  if (ending !== undefined) return reply instanceof Promise ? reply.then(() => ending) : ending
  return afterwards(reply, (answer) => {
    faulty.context.outgoing = outgoingOf(strikes)
    return spoilt(answer, strikes, faulty)
  })
}

function endingOf(strikes: readonly Strike[]): typeof closeConnection | typeof neverAnswered | undefined {
  if (strikes.some(({ effects }) => effects.disconnect)) return closeConnection
  return strikes.some(({ effects }) => effects.drop) ? neverAnswered : undefined
}

/** Fails what the rule has chosen; the rest of the request is handled. */
function failing(inner: Handle, { effects, chosen, isOfItems }: Strike, faulty: Faulty): Handle {
  const { error, after } = effects
  if (error === null) return inner
  const { api } = faulty.handler
  const { context, topicName } = faulty
  return (request) => {
    const { request: all, toHandle } = askedOf(api.key, context.version, request, context.node)
    const facts = { request: all, chosen, topicName }
    const refused = errorAnswer({ ...facts, api, version: context.version, error, isOfItems })
    // Kafka cuts off whom it cannot tell: an API without a place for errors, a producer that waits for no answer.
    if (refused === undefined)
      return after ? afterwards(inner(request), () => closeConnection) : closeConnection
    if (refused.isWhole) return after ? afterwards(inner(request), () => refused.answer) : refused.answer
    const { fields } = api.response
    const merge = (answer: StructValue) => {
      const others = withoutItems(answer, fields, itemOfRequest(all), facts)
      return mergedAnswers(others, refused.answer, fields)
    }
    if (after || toHandle !== undefined) return heard(afterwards(inner(toHandle ?? request), merge))
    if (api.key === shareFetch.key) {
      const asker = itemOfRequest(all)
      const before = context.faultOf
      context.faultOf = (place) => before?.(place) ?? (chosen({ ...asker, ...place }) ? error : undefined)
      return inner(request)
    }
    const rest = withoutItems(request, api.request.fields, itemOfRequest(request), facts)
    const isAll = itemsOf(all, api.request.fields, topicName).every(chosen)
    if (!isAll) return heard(afterwards(inner(rest), merge))
    if (request.acks === 0) return closeConnection
    // Of the brokers it tells whatever becomes of the topics: clients take an answer without any for none.
    if (api.key !== metadata.key) return refused.answer
    return afterwards(inner(rest), (answer) => ({ ...answer, ...refused.answer }))
  }
}

/** A producer that asked for no answer learns of an error by a closed connection. */
function heard(reply: Answering): Answering {
  if (reply instanceof Promise) return reply.then(heard)
  return reply === noResponse ? closeConnection : reply
}

function spoilt(answer: StructValue, strikes: readonly Strike[], { handler, context }: Faulty): StructValue {
  const throttleTimeMs = throttleOf(strikes)
  const field = handler.api.response.fields.throttleTimeMs
  const isTold = throttleTimeMs > 0 && field !== undefined && context.version >= field.versions.min
  const told = isTold ? { ...answer, throttleTimeMs } : answer
  return strikes.some(({ effects }) => effects.corrupt === 'records') ? withCorruptRecords(told) : told
}

function outgoingOf(strikes: readonly Strike[]): Outgoing {
  const speeds = strikes.flatMap(({ effects }) => effects.bytesPerSecond ?? [])
  return {
    muteMs: throttleOf(strikes),
    isCut: strikes.some(({ effects }) => effects.corrupt === 'frame'),
    bytesPerSecond: speeds.length === 0 ? null : Math.min(...speeds),
  }
}

function throttleOf(strikes: readonly Strike[]): number {
  return Math.max(0, ...strikes.map(({ effects }) => effects.throttleMs))
}

function afterwards(reply: Answering, change: (answer: StructValue) => Reply<unknown>): Answering {
  if (reply instanceof Promise) return reply.then((settled) => afterwards(settled, change))
  if (reply === noResponse || reply === neverAnswered || reply === closeConnection) return reply
  return change(reply as StructValue)
}
