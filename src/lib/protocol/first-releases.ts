import { advertisedVersions, releases } from './releases.ts'

/** By the key of an API and a version of it: the Kafka whose brokers were the first to serve that. */
const first: ReadonlyMap<string, string> = new Map([
  ['2 7', '3.0'],
  ['10 4', '3.0'],
  ['43 0', '2.2'],
  ['43 1', '2.4'],
  ['44 0', '2.3'],
  ['45 0', '2.4'],
  ['46 0', '2.4'],
  ['47 0', '2.4'],
  ['48 0', '2.6'],
  ['49 0', '2.6'],
  ['50 0', '2.7'],
  ['51 0', '2.7'],
  ['60 0', '2.8'],
  ['61 0', '2.8'],
  ['65 0', '3.0'],
  ['66 0', '3.0'],
  ['69 0', '3.7'],
  ['75 0', '3.8'],
])

/** Those without the listeners of controllers, and without the Kafkas that ZooKeeper kept going beside newer ones. */
const brokers = releases.filter((release) => !release.includes('-'))

/** Which Kafka a broker would have to be to serve this version, as half a sentence; nothing where that is not known. */
export function firstReleaseOf(apiKey: number, version: number): string | undefined {
  const known = first.get(`${apiKey} ${version}`) ?? oldestThatServed(apiKey, version)
  return known === undefined ? undefined : `Kafka ${known} and later do`
}

/**
 * The oldest of the releases that were asked from which on all brokers serve it. The very oldest of them tells nothing:
 * those before it may do as well, and a broker that lacks it lacks it for another reason.
 */
function oldestThatServed(apiKey: number, version: number): string | undefined {
  const lacking = brokers.findIndex((release) => (advertisedVersions(release, apiKey)?.max ?? -1) < version)
  return lacking < 1 ? undefined : brokers[lacking - 1]
}

/** Those of which it is known to the release, for whoever holds them against brokers. */
export function firstReleases(): readonly {
  readonly apiKey: number
  readonly version: number
  readonly release: string
}[] {
  return [...first].map(([at, release]) => {
    const [apiKey = 0, version = 0] = at.split(' ').map(Number)
    return { apiKey, version, release }
  })
}
