import type { BrokerPorts } from '../broker/broker-ports.ts'
import { formatAddress } from '../config/listeners.ts'
import type { UserEnvironment } from '../config/user-folders.ts'
import type { Disk } from '../ports/disk.ts'
import type { LogSink } from '../ports/log-sink.ts'
import { skipTime } from './control/skip-time.ts'
import { localFlagsOf } from './export-options.ts'
import type { LocalBroker as ExportedBroker, LocalBrokerOptions } from './exported.ts'
import { wishOf } from './local-wish.ts'
import { openLocal } from './open-local.ts'

/** What the export runs on: the real world, which the build puts together. */
export interface ExportWorld extends UserEnvironment {
  readonly ports: Omit<BrokerPorts, 'log'> & { readonly disk: Disk }
  readonly processId: number
}

/** Makes `startBroker`, which programs of others call. */
export function brokerStarter(world: ExportWorld): (options?: LocalBrokerOptions) => Promise<ExportedBroker> {
  return async (options = {}) => {
    const { environment, platform, processId } = world
    const flags = localFlagsOf(options)
    const wish = wishOf(
      flags,
      { port: 0, isEphemeral: true },
      { environment, platform, disk: world.ports.disk },
    )
    const ports = { ...world.ports, log: logTo(options.log) }
    const local = await openLocal(wish, { environment, platform, ports, processId })
    const { broker, security, stop } = local
    const [endpoint = { host: '127.0.0.1', port: 0 }] = broker.endpoints.values()
    return {
      bootstrap: formatAddress(endpoint),
      host: endpoint.host,
      port: endpoint.port,
      dataDir: broker.dataDir,
      dataDirs: broker.dataDirs,
      clusterId: broker.node.clusterId,
      security,
      faults: broker.faults,
      clock: { nowMs: () => broker.clock.nowMs(), skip: (byMs) => skipTime(broker.clock, byMs) },
      failed: broker.failed,
      stop,
      [Symbol.asyncDispose]: stop,
    }
  }
}

function logTo(log: LocalBrokerOptions['log']): LogSink {
  return { log: (level, message, facts = {}) => log?.(level, message, facts) }
}
