import { join } from 'node:path'
import { formatAddress } from '../config/listeners.ts'
import { isEveryAddress, isOpen } from './local-listeners.ts'
import type { LocalBroker } from './open-local.ts'

/** What is told of a local broker that runs, to people and to scripts. */
export interface LocalRow {
  /** What clients are given, by the first of the listeners. */
  readonly bootstrap: string
  readonly listeners: readonly { readonly name: string; readonly address: string }[]
  /** Where it really listens. */
  readonly listening: readonly string[]
  readonly dataDir: string
  /** All of them, where there are several. */
  readonly dataDirs?: readonly string[]
  readonly isEphemeral: boolean
  /** `interval`, or `ack`. */
  readonly flush: string
  readonly clusterId: string
  /** The client.properties that clients need; null where they need none. */
  readonly clientConfig: string | null
  readonly pid: number
  /** Where it can be controlled by HTTP, and what has the token for that; not where it cannot. */
  readonly controlUrl?: string
  readonly controlTokenFile?: string
}

export function rowOf({ broker, flush, isEphemeral, security, control }: LocalBroker, pid: number): LocalRow {
  const listeners = [...broker.endpoints].map(([name, endpoint]) => ({
    name,
    address: formatAddress(endpoint),
  }))
  return {
    bootstrap: listeners[0]?.address ?? '',
    listeners,
    listening: broker.bound.map(formatAddress),
    dataDir: broker.dataDir,
    ...(broker.dataDirs.length > 1 && { dataDirs: broker.dataDirs }),
    isEphemeral,
    flush,
    clusterId: broker.node.clusterId,
    clientConfig: security?.clientProperties ?? null,
    pid,
    ...(control?.url && { controlUrl: control.url, controlTokenFile: control.tokenFile }),
  }
}

/** What acknowledged means, said plainly. */
export function durabilityOf({ flush }: Pick<LocalRow, 'flush'>): string {
  return flush === 'ack'
    ? 'acknowledged once the disk has it'
    : 'acknowledged once the system has it; flushed to disk every second (--flush ack waits for the disk)'
}

/** What has to be said before anyone relies on it. */
export function warningsOf({ broker, isEphemeral }: LocalBroker): string[] {
  const open = broker.bound.filter(({ host }) => isOpen(host))
  const unguarded = open.filter(({ listener }) => !broker.guarded.has(listener))
  return [
    ...broker.leftOut.map(
      (address) => `${formatAddress(address)} is left out: this machine has no such address`,
    ),
    ...unguarded.map(
      (address) => `Warning: open to everybody who can reach ${formatAddress(address)}, without a password`,
    ),
    ...open
      .filter(
        ({ host, listener }) => isEveryAddress(host) && !isOpen(broker.endpoints.get(listener)?.host ?? ''),
      )
      .map(({ listener, port }) => {
        const others = `--advertise ${listener}://HOST:${port}`
        return `clients are told to connect to 127.0.0.1; for those on other machines: ${others}`
      }),
    ...(isEphemeral ? ['the directory goes when the broker stops'] : []),
  ]
}

/** Where it can be controlled from, if that was asked for. */
export function controlNotes({ controlUrl, controlTokenFile }: Partial<LocalRow>): string[] {
  if (controlUrl === undefined) return []
  return [`controlled by HTTP at ${controlUrl}, with the token in ${controlTokenFile}`]
}

/** Where its data are, as one line. */
export function directoriesOf({
  dataDir,
  dataDirs,
}: Pick<Partial<LocalRow>, 'dataDir' | 'dataDirs'>): string | undefined {
  return dataDirs?.join(', ') ?? dataDir
}

/** What to type next. */
export function nextSteps({
  bootstrap,
  dataDir,
  dataDirs = [dataDir],
  isEphemeral,
  clientConfig,
}: Pick<LocalRow, 'bootstrap' | 'dataDir' | 'dataDirs' | 'isEphemeral' | 'clientConfig'>): string[] {
  const first = clientConfig === null ? openSteps(bootstrap) : guardedSteps(bootstrap, dataDir, clientConfig)
  return [
    ...first,
    'Look at what is on its disk, whether it runs or not:',
    `  ktool topics list ${dataDirs.map((dir) => `--log-dir ${dir}`).join(' ')}`,
    `Press Ctrl-C to stop it${isEphemeral ? '' : '; what was acknowledged stays'}.`,
  ]
}

function openSteps(bootstrap: string): string[] {
  return [`Point any Kafka client at ${bootstrap}, for example:`, `  kcat -b ${bootstrap} -L`]
}

function guardedSteps(bootstrap: string, dataDir: string, clientConfig: string): string[] {
  return [
    `Clients need TLS and a login, which stand in files of ${dataDir} that nobody else can read:`,
    `  kcat -F ${join(dataDir, 'kcat.conf')} -L`,
    `  kafka-topics.sh --bootstrap-server ${bootstrap} --command-config ${clientConfig} --list`,
    `  ktool topics list --command-config ${clientConfig}`,
  ]
}
