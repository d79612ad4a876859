import { findBrokerConfig } from '../broker/configs/known-configs.ts'
import { kafkaProperties } from '../broker/handover/kafka-properties.ts'
import { readLeftDirectory } from '../broker/handover/left-directory.ts'
import { parseNamedAddress, parseNamedAddresses } from '../config/listeners.ts'
import type { UserEnvironment } from '../config/user-folders.ts'
import { METADATA_VERSION, metadataVersionName, oldestReleaseFor } from '../model/metadata-versions.ts'
import type { Clock } from '../ports/clock.ts'
import type { Disk } from '../ports/disk.ts'
import { checkSettings } from './check-settings.ts'
import { defaultDataDir, localDirs } from './local-dirs.ts'
import { directoriesOf } from './local-row.ts'
import { type LocalFlags, settingsOf } from './local-wish.ts'
import { lockIn } from './open-local.ts'
import { nodeIdIn, settingsOfOurs } from './server-settings.ts'

interface ExportFlags extends Pick<LocalFlags, 'config' | 'set' | 'listen' | 'advertise'> {
  readonly 'controller-port'?: number | undefined
}

interface World extends UserEnvironment {
  readonly disk: Disk
  readonly clock: Clock
}

/** What Apache Kafka has to be told to go on with a directory, and by whom it can be told. */
export interface ExportedConfig {
  readonly dataDir: string
  /** All of them, where there are several. */
  readonly dataDirs?: readonly string[]
  readonly nodeId: number
  readonly clusterId: string
  readonly metadataVersion: string | null
  /** The oldest release of Apache Kafka that can open it. */
  readonly kafka: string | null
  readonly isCleanShutdown: boolean
  readonly properties: Readonly<Record<string, string>>
  readonly toDo: readonly string[]
  readonly commands: readonly string[]
}

/** Of a broker that is stopped: while one runs, what it writes is not there yet. */
export async function exportConfig(
  directories: readonly string[],
  flags: ExportFlags,
  world: World,
): Promise<{ readonly config: ExportedConfig; readonly notes: readonly string[] }> {
  const settings = settingsOf(flags, world)
  checkSettings(settings)
  const named = localDirs({ 'data-dir': directories }, settings.values)
  const { dataDirs, metadataDir } = named ?? { dataDirs: [defaultDataDir(world)] }
  const [dataDir = ''] = dataDirs
  for (const path of dataDirs) {
    if (world.disk.stat(path) !== undefined) await lockIn({ ...world, ports: world }).mustBeFree(path)
  }
  const left = readLeftDirectory(world.disk, { logDirs: dataDirs, metadataDir: metadataDir ?? dataDir })
  const values = settingsOfOurs(settings.values)
  const controllers = new Set((settings.values.get('controller.listener.names') ?? '').split(','))
  const listed = (name: string) =>
    parseNamedAddresses(settings.values.get(name) ?? '').filter((address) => !controllers.has(address.name))
  const { properties, toDo } = kafkaProperties(left, {
    settings: values,
    listeners: flags.listen?.map(parseNamedAddress) ?? listed('listeners'),
    advertised: flags.advertise?.map(parseNamedAddress) ?? listed('advertised.listeners'),
    controllerPort: flags['controller-port'],
  })
  const version = left.features.get(METADATA_VERSION)
  const config = {
    ...{
      dataDir,
      ...(dataDirs.length > 1 && { dataDirs }),
      nodeId: left.nodeId,
      clusterId: left.clusterId,
      isCleanShutdown: left.isClean,
    },
    metadataVersion: version === undefined ? null : metadataVersionName(version),
    kafka: oldestReleaseFor(left.features),
    properties: Object.fromEntries(properties),
    toDo,
    commands: ['bin/kafka-server-start.sh server.properties'],
  }
  return { config, notes: [...idNotes(settings.values, left.nodeId), ...remarks(config)] }
}

function idNotes(settings: ReadonlyMap<string, string>, nodeId: number): string[] {
  const said = nodeIdIn(settings) ?? nodeId
  return said === nodeId ? [] : [`node.id=${said} is left aside: the directory is that of node ${nodeId}`]
}

function remarks({ isCleanShutdown, properties, toDo }: ExportedConfig): string[] {
  const secret = Object.keys(properties).some((name) => findBrokerConfig(name)?.isSensitive === true)
  return [
    ...(isCleanShutdown
      ? []
      : [
          'the broker was not stopped cleanly: Kafka recovers its logs first, and waits for nine seconds until it takes the old one for dead',
        ]),
    ...(secret ? ['there are passwords in it: keep the file to yourself'] : []),
    ...toDo,
  ]
}

/** As a file, with what there is to know about it in front. */
export function asServerProperties({ properties, toDo, commands, ...facts }: ExportedConfig): string {
  const { nodeId, clusterId, metadataVersion, kafka } = facts
  const head = [
    `Apache Kafka on ${directoriesOf(facts)}: node ${nodeId} of cluster ${clusterId}.`,
    `Its metadata.version is ${metadataVersion}: Kafka ${kafka} and later ones start on it.`,
    'There is nothing to format. In the folder of Kafka, with this as server.properties:',
    '',
    ...commands.map((command) => `    ${command}`),
    ...(toDo.length === 0 ? [] : ['', ...toDo.map((each) => `To do: ${each}`)]),
  ]
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${escaped(value)}`)
  return [...head.map((line) => `# ${line}`.trimEnd()), '', ...lines, ''].join('\n')
}

/** As java.util.Properties reads it again. */
function escaped(value: string): string {
  const ascii = value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')
  const unicode = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return ascii.replace(/[^ -~]/g, unicode).replace(/^ /, '\\ ')
}
