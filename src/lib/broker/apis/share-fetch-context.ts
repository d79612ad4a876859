import type { RequestOf } from '../../protocol/api.ts'
import type { shareFetch } from '../../protocol/apis/share-fetch.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { SharedRecords } from '../partitions/share/share-fetch.ts'
import { SharePlace } from '../partitions/share/share-place.ts'
import { FINAL_EPOCH, INITIAL_EPOCH, type ShareSession } from '../partitions/share/share-sessions.ts'
import type { RequestContext } from './handler.ts'

type Request = RequestOf<typeof shareFetch> & { readonly groupId: string; readonly memberId: string }

interface KnownPlaces {
  readonly places: readonly SharePlace[]
  readonly refused: readonly SharedRecords[]
}

/** What a request is about, which its session may know better than the request. */
export class ShareFetchContext {
  readonly #places: readonly SharePlace[]
  readonly #told: (fetched: readonly SharedRecords[]) => readonly SharedRecords[]
  readonly #finish: () => void

  constructor(
    places: readonly SharePlace[],
    told: (fetched: readonly SharedRecords[]) => readonly SharedRecords[] = (fetched) => fetched,
    finish: () => void = () => {},
  ) {
    this.#places = places
    this.#told = told
    this.#finish = finish
  }

  /** Where something may be fetched, and what is to be said of the others. */
  known(errorOf: (topic: string, place: SharePlace) => ErrorName): KnownPlaces {
    const places: SharePlace[] = []
    const refused: SharedRecords[] = []
    for (const place of this.#places) {
      const error = place.topic === null ? 'UNKNOWN_TOPIC_ID' : errorOf(place.topic, place)
      if (error === 'NONE') places.push(place)
      else refused.push(refusal(place, error))
    }
    return { places, refused }
  }

  /** Of that, what the client does not know yet. */
  told(fetched: readonly SharedRecords[]): readonly SharedRecords[] {
    return this.#told(fetched)
  }

  finish(): void {
    this.#finish()
  }
}

/** Throws an ApiError where the session is not what the client thinks. */
export function shareFetchContext(
  request: Request,
  hasAcknowledgements: boolean,
  { node, connection }: RequestContext,
): ShareFetchContext {
  const { groupId, memberId, shareSessionEpoch: epoch } = request
  const { shareGroups, controller } = node
  const placeOf = (isDue: boolean) => (topicId: string, partition: number) =>
    new SharePlace(topicId, controller.topicById(topicId)?.name ?? null, partition, isDue)
  if (epoch === FINAL_EPOCH) {
    const session = shareGroups.sessions.existing(groupId, memberId)
    return new ShareFetchContext([], undefined, () => shareGroups.end(session))
  }
  if (epoch === INITIAL_EPOCH) {
    if (hasAcknowledgements) throw new ApiError('INVALID_REQUEST')
    const session = shareGroups.sessions.begin(groupId, memberId, connection)
    for (const place of placesOf(request, placeOf(false))) session.add(place)
    return new ShareFetchContext(session.places)
  }
  const session = shareGroups.sessions.advance(groupId, memberId, epoch)
  for (const place of placesOf(request, placeOf(true))) session.add(place)
  for (const { topicId, partitions } of request.forgottenTopicsData) {
    for (const partition of partitions) session.remove(placeOf(false)(topicId, partition))
  }
  const next = session.epoch
  return new ShareFetchContext(session.places, (fetched) => newsOf(session, next, fetched))
}

function placesOf(
  { topics }: Request,
  placeOf: (topicId: string, partition: number) => SharePlace,
): SharePlace[] {
  return topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partitionIndex }) => placeOf(topicId, partitionIndex)),
  )
}

/** Records, errors, and what was added by this request. What had records waits behind the others next time. */
function newsOf(
  session: ShareSession,
  epoch: number,
  fetched: readonly SharedRecords[],
): readonly SharedRecords[] {
  if (session.epoch !== epoch) throw new ApiError('INVALID_SHARE_SESSION_EPOCH')
  return fetched.filter(({ place, error, records }) => {
    const known = session.get(place.name)
    if (known === undefined) return false
    const isNews = records.length > 0 || known.isDue || error !== 'NONE'
    known.isDue = error !== 'NONE'
    if (records.length > 0) session.moveToEnd(known)
    return isNews
  })
}

function refusal(place: SharePlace, error: ErrorName): SharedRecords {
  return { place, error, records: Buffer.alloc(0), acquired: [] }
}
