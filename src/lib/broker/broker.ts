import { LeapingClock } from '../ports/leaping-clock.ts'
import { handlersAs } from './apis/as-release.ts'
import { handlers } from './apis/handlers.ts'
import { NEWEST } from './as-version.ts'
import type { BrokerOptions } from './broker-options.ts'
import { type BrokerStatus, brokerStatus } from './broker-status.ts'
import { BrokerConfigs } from './configs/broker-configs.ts'
import { RootLogger } from './configs/root-logger.ts'
import { startFacts } from './configs/start-facts.ts'
import { FaultRules } from './faults/fault-rules.ts'
import { holdAll } from './hold-directories.ts'
import { RequestJournal } from './journal/request-journal.ts'
import type { Endpoint, Node } from './node.ts'
import { openNode } from './open-node.ts'
import { RepeatedErrors } from './repeated-errors.ts'
import { ListenerKeys } from './security/listener-keys.ts'
import type { ListenerSecurity } from './security/listener-security.ts'
import { secureListeners } from './security/secure-listeners.ts'
import { type BoundAddress, bindListeners } from './server/bind-listeners.ts'
import { ConnectionLimits } from './server/connection-limits.ts'
import { Server, type ServerLimits } from './server/server.ts'

export type { BrokerOptions } from './broker-options.ts'
export type { BoundAddress, ListenerOptions } from './server/bind-listeners.ts'

/** A broker that runs. */
export interface Broker extends AsyncDisposable {
  readonly node: Node
  /** The first of its directories, by which it is known. */
  readonly dataDir: string
  /** All of its `log.dirs`. */
  readonly dataDirs: readonly string[]
  /** How it fails, for those who test what their clients make of that. */
  readonly faults: FaultRules
  /** Its time, which can leap: all that waits for a time in between happens at once. */
  readonly clock: LeapingClock
  /** What clients are told, by the listener's name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Where it really listens, in the order of the options. */
  readonly bound: readonly BoundAddress[]
  /** The listeners where clients have to log in or to show a certificate. */
  readonly guarded: ReadonlySet<string>
  /** Addresses that this machine does not have. */
  readonly leftOut: readonly BoundAddress[]
  status(): BrokerStatus
  /** Resolves when it can go on no longer, such as on a disk that refuses; it has stopped by then. */
  readonly failed: Promise<Error>
  /** Finishes what it has begun, writes checkpoints and the mark of a clean stop. The second call waits as well. */
  stop(): Promise<void>
}

/** What is under way when the broker stops may take so long. */
const STOP_PATIENCE_MS = 2000
/** All clients together may make the broker hold so much of their requests. */
const REQUEST_MEMORY_BYTES = 256 * 1024 * 1024
/** All answers that clients have not read yet may hold so much before they become smaller. */
const ANSWER_MEMORY_BYTES = 256 * 1024 * 1024

/** Whoever comes to a directory or a port that is taken has changed nothing; clients wait until all is there. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { dataDirs } = options
  const [dataDir = ''] = dataDirs
  const dirs = { logDirs: dataDirs, metadataDir: options.metadataDir ?? dataDir }
  const clock = new LeapingClock(options.ports.clock)
  const logger = new RootLogger(new RepeatedErrors(options.ports.log, clock))
  const ports = { ...options.ports, clock, log: logger }
  const journal = options.journal && new RequestJournal(options.journal, ports)
  const held = await holdAll(dirs, options, ports.disk)
  const served = handlersAs(options.asVersion ?? NEWEST, handlers)
  const faults = new FaultRules(
    ports,
    served,
    options.listeners.map(({ name }) => name),
  )
  const limits = limitsOf(options)
  const server = new Server(ports, served, limits, faults, journal)
  try {
    const furnishing = await options.furnish?.(dataDir)
    const settings = new Map([...options.settings, ...(furnishing?.settings ?? [])])
    const securities = secureListeners(options.listeners, settings, ports)
    const bindings = await bindListeners(server, options.listeners, securities)
    const { endpoints } = bindings
    const facts = startFacts({ ...bindings, dirs })
    const opened = await openNode({
      ...options,
      ports,
      dirs,
      logger,
      endpoints,
      users: furnishing?.users ?? [],
      protocols: new Map([...securities].map(([name, { protocol }]) => [name, protocol])),
      settings: new Map([...settings, ...facts]),
    })
    const certificates = new Map([...securities].map(([name, { tls }]) => [name, tls]))
    new ListenerKeys(certificates, opened.node.configs, ports, (name, tls) => server.secureAnew(name, tls))
    server.serve(opened.node)
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= server
        .stop(STOP_PATIENCE_MS)
        .then(() => opened.close())
        .finally(() => {
          journal?.close()
          return held.release()
        })
      return stopped
    }
    const failed = opened.failed.then((cause) =>
      stop().then(
        () => cause,
        () => cause,
      ),
    )
    return {
      ...{ node: opened.node, dataDir, dataDirs, faults, clock },
      status: () => brokerStatus(opened.node, server),
      ...{ ...bindings, guarded: guardedOf(securities), failed, stop, [Symbol.asyncDispose]: stop },
    }
  } catch (cause) {
    await server.stop(0)
    journal?.close()
    await held.release()
    throw cause
  }
}

function guardedOf(securities: ReadonlyMap<string, ListenerSecurity>): ReadonlySet<string> {
  const guarded = [...securities].filter(
    ([, { sasl, tls }]) => sasl !== undefined || tls?.clients === 'required',
  )
  return new Set(guarded.map(([name]) => name))
}

function limitsOf({ settings, listeners }: BrokerOptions): ServerLimits {
  const configs = new BrokerConfigs(0, settings)
  const largestRequestBytes = configs.int('socket.request.max.bytes')
  return {
    largestRequestBytes,
    requestMemoryBytes: Math.max(REQUEST_MEMORY_BYTES, 2 * largestRequestBytes),
    answerMemoryBytes: ANSWER_MEMORY_BYTES,
    maxIdleMs: configs.long('connections.max.idle.ms'),
    connections: new ConnectionLimits(
      configs,
      listeners.map(({ name }) => name),
    ),
  }
}
