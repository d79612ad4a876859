import type { DataDirs } from '../../log/write/log-store.ts'
import type { Endpoint } from '../node.ts'

interface Start {
  readonly dirs: DataDirs
  readonly bound: readonly (Endpoint & { readonly listener: string })[]
  /** What clients are told, by the listener's name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
}

/** What whoever asks for the broker's settings is told of where it is; it was not read from them. */
export function startFacts({ dirs, bound, endpoints }: Start): ReadonlyMap<string, string> {
  const { logDirs, metadataDir } = dirs
  return new Map([
    ['log.dirs', logDirs.join(',')],
    ...(metadataDir === logDirs[0] ? [] : [['metadata.log.dir', metadataDir] as const]),
    ['listeners', bound.map((endpoint) => uriOf(endpoint.listener, endpoint)).join(',')],
    ['advertised.listeners', [...endpoints].map(([name, endpoint]) => uriOf(name, endpoint)).join(',')],
  ])
}

function uriOf(name: string, { host, port }: Endpoint): string {
  return `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
