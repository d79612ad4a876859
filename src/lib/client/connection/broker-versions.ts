import { FailedError } from '../../errors.ts'
import type { Api, ApiVersionsRow } from '../../protocol/api.ts'
import { metadata } from '../../protocol/apis/metadata.ts'
import { firstReleaseOf } from '../../protocol/first-releases.ts'
import type { Peer } from './peer.ts'

/** Versions that a question makes sense at. */
export interface VersionLimits {
  readonly min?: number
  readonly max?: number
}

/** Which APIs a broker serves, at which versions. */
export class BrokerVersions {
  readonly #peer: Peer
  readonly #rows: ReadonlyMap<number, ApiVersionsRow> | null

  private constructor(peer: Peer, rows: ReadonlyMap<number, ApiVersionsRow> | null) {
    this.#peer = peer
    this.#rows = rows
  }

  static unasked(peer: Peer): BrokerVersions {
    return new BrokerVersions(peer, null)
  }

  static told(peer: Peer, rows: readonly ApiVersionsRow[]): BrokerVersions {
    return new BrokerVersions(peer, new Map(rows.map((row) => [row.apiKey, row])))
  }

  /** Whether the API can be asked at one of these versions. */
  has(api: Api, limits: VersionLimits = {}): boolean {
    return this.#find(api, limits) !== undefined
  }

  /** The highest that both sides know, and the question allows. */
  of(api: Api, limits: VersionLimits = {}): number {
    const version = this.#find(api, limits)
    if (version !== undefined) return version
    throw this.#unsupported(api, limits)
  }

  #find(api: Api, { min = 0, max = Number.POSITIVE_INFINITY }: VersionLimits): number | undefined {
    const row = this.#rows === null ? everything(api) : this.#rows.get(api.key)
    if (row === undefined) return undefined
    const highest = Math.min(row.maxVersion, api.served()?.max ?? api.versions.max, max)
    return highest >= Math.max(row.minVersion, api.versions.min, min) ? highest : undefined
  }

  #unsupported(api: Api, { min = 0 }: VersionLimits): FailedError {
    const row = this.#rows?.get(api.key)
    if (row === undefined && api.key === metadata.key) return noBroker(this.#peer.name)
    const least = Math.max(api.versions.min, min)
    const ours = `${least} to ${api.served()?.max ?? api.versions.max}`
    const who = row === undefined || row.maxVersion < least ? firstReleaseOf(api.key, least) : undefined
    const lack =
      row === undefined
        ? `cannot do this: it does not serve ${api.name}`
        : `serves ${api.name} at versions ${row.minVersion} to ${row.maxVersion}; this needs one of ${ours}`
    return new FailedError(
      'not-supported-by-broker',
      `${this.#peer.name} ${lack}${who === undefined ? '' : `; ${who}`}`,
      {
        hint: `ktool protocol apis shows which Kafka serves ${api.name}`,
        details: { api: api.name, key: api.key, ...(row && { min: row.minVersion, max: row.maxVersion }) },
      },
    )
  }
}

/** A controller answers at its own port, and has nothing for clients there. */
function noBroker(name: string): FailedError {
  return new FailedError(
    'not-a-broker',
    `${name} is no broker: it serves no Metadata, as controllers do not`,
    {
      hint: 'name a broker with -b: the port of a listener that is not among controller.listener.names',
    },
  )
}

function everything(api: Api): ApiVersionsRow {
  return { apiKey: api.key, minVersion: api.versions.min, maxVersion: api.versions.max }
}
