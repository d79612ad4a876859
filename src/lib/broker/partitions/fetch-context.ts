import type { RequestOf } from '../../protocol/api.ts'
import type { fetch } from '../../protocol/apis/fetch.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { FetchResult } from './fetch-result.ts'
import type { FetchSession } from './fetch-session.ts'
import type { FetchSessions } from './fetch-sessions.ts'
import { type FetchTarget, targetsOf } from './fetch-target.ts'

type Request = RequestOf<typeof fetch>

const NO_SESSION = 0
const NEW = 0
const NONE = -1

/** What is fetched, and what of it is told. */
export interface FetchContext {
  readonly targets: readonly FetchTarget[]
  /** The results that would be told. */
  news(results: readonly FetchResult[]): readonly FetchResult[]
  /** What an answer says that tells nothing, since a quota holds its client back. */
  heldBack(): { sessionId: number; errorCode: number }
  /** The session of the answer, and the results that belong in it. */
  tell(results: FetchResult[]): { sessionId: number; told: FetchResult[] }
}

/** By what the request says of sessions (KIP-227). Throws the error that stands over the whole answer. */
export function fetchContext(request: Request, usesTopicIds: boolean, sessions: FetchSessions): FetchContext {
  const { sessionId, sessionEpoch } = request
  if (!sessions.hasPlaceFor(sessionId)) throw new ApiError('UNKNOWN_SERVER_ERROR')
  if (sessionEpoch === NEW || sessionEpoch === NONE) {
    if (sessionId !== NO_SESSION) sessions.close(sessionId)
    const targets = targetsOf(request.topics)
    return sessionEpoch === NEW ? full(targets, usesTopicIds, sessions) : sessionless(targets)
  }
  const session = sessions.get(sessionId)
  if (session === undefined) throw new ApiError('FETCH_SESSION_ID_NOT_FOUND')
  if (session.epoch !== sessionEpoch) throw new ApiError('INVALID_FETCH_SESSION_EPOCH')
  if (session.usesTopicIds !== usesTopicIds) throw new ApiError('FETCH_SESSION_TOPIC_ID_ERROR')
  const before = session.size
  session.update(request)
  const isKept = sessions.touch(session, session.size - before)
  if (session.size === 0) {
    sessions.close(session.id)
    return sessionless(targetsOf(request.topics))
  }
  if (!isKept) throw new ApiError('FETCH_SESSION_ID_NOT_FOUND')
  return incremental(session)
}

/** Without a session, or before there is one. */
const everything: Pick<FetchContext, 'news' | 'heldBack'> = {
  news: (results) => results,
  heldBack: () => ({ sessionId: NO_SESSION, errorCode: errorCodes.NONE }),
}

function sessionless(targets: ReadonlyMap<string, FetchTarget>): FetchContext {
  return {
    ...everything,
    targets: [...targets.values()],
    tell: (results) => ({ sessionId: NO_SESSION, told: results }),
  }
}

function full(
  targets: Map<string, FetchTarget>,
  usesTopicIds: boolean,
  sessions: FetchSessions,
): FetchContext {
  return {
    ...everything,
    targets: [...targets.values()],
    tell(results) {
      for (const result of results) result.isNews()
      const session = sessions.open(targets, usesTopicIds)
      return { sessionId: session?.id ?? NO_SESSION, told: results }
    },
  }
}

function incremental(session: FetchSession): FetchContext {
  const { epoch } = session
  return {
    targets: session.targets,
    news: (results) => results.filter((result) => result.hasNews),
    heldBack: () => ({
      sessionId: session.id,
      errorCode: errorCodes[session.epoch === epoch ? 'NONE' : 'INVALID_FETCH_SESSION_EPOCH'],
    }),
    tell: (results) => ({ sessionId: session.id, told: session.news(results) }),
  }
}
