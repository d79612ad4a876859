/** What decides where a broker is and who it is. It is taken from here, or is as it is; it is no setting to pass on. */
const places = ['log.dirs', 'log.dir', 'listeners', 'advertised.listeners', 'metadata.log.dir']
const fixed: ReadonlyMap<string, string> = new Map([
  ['node.id', '1'],
  ['broker.id', '1'],
])
/** Whom a real node asks and tells, which a node that is alone has no use for. */
const quorum = ['controller.quorum.voters', 'controller.quorum.bootstrap.servers', 'process.roles']

export interface OurSettings {
  readonly values: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

/** The settings without those that a local broker decides for itself, and what has to be said of them. */
export function settingsOfOurs(all: ReadonlyMap<string, string>): OurSettings {
  const notes = [...fixed]
    .filter(([key, value]) => all.has(key) && all.get(key) !== value)
    .map(
      ([key, value]) =>
        `${key}=${all.get(key)} is left aside: the directory says which node it is, and a new one is node ${value}`,
    )
  const dropped = new Set([...places, ...fixed.keys(), ...quorum])
  return { values: new Map([...all].filter(([key]) => !dropped.has(key))), notes }
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
