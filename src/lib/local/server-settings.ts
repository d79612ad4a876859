/** What decides where a broker is and who it is. It is taken from here, or is as it is; it is no setting to pass on. */
const places = ['log.dirs', 'log.dir', 'listeners', 'advertised.listeners', 'metadata.log.dir']
const ids = ['node.id', 'broker.id']
/** Whom a real node asks and tells, which a node that is alone has no use for. */
const quorum = ['controller.quorum.voters', 'controller.quorum.bootstrap.servers', 'process.roles']

/** The settings without those that a local broker decides for itself. */
export function settingsOfOurs(all: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const dropped = new Set([...places, ...ids, ...quorum])
  return new Map([...all].filter(([key]) => !dropped.has(key)))
}

/** Which node it is to be; `broker.id` is the old name, and -1 there leaves it open. */
export function nodeIdIn(settings: ReadonlyMap<string, string>): number | undefined {
  const said = ids.map((name) => settings.get(name)).find((text) => text !== undefined && Number(text) >= 0)
  return said === undefined ? undefined : Number(said)
}

/** The directories that `log.dirs` names, and that of the metadata log where it is to lie elsewhere. */
export function dirsIn(settings: ReadonlyMap<string, string>): {
  readonly dataDirs: readonly string[]
  readonly metadataDir: string | undefined
} {
  const listed = settings.get('log.dirs') || settings.get('log.dir')
  const dataDirs = (listed ?? '')
    .split(',')
    .map((dir) => dir.trim())
    .filter((dir) => dir !== '')
  return { dataDirs, metadataDir: settings.get('metadata.log.dir') || undefined }
}
