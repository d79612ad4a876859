import { type DataDirs, type LogStore, openLogStore } from '../log/write/log-store.ts'
import type { ApiVersionsRow } from '../protocol/api.ts'
import { handlersAs } from './apis/as-release.ts'
import { FreshTopics } from './apis/fresh-topics.ts'
import type { SecurityProtocol } from './apis/handler.ts'
import { handlers } from './apis/handlers.ts'
import { type AsVersion, NEWEST } from './as-version.ts'
import type { BrokerOptions } from './broker-options.ts'
import { BrokerConfigs } from './configs/broker-configs.ts'
import { checkTopicConfigs } from './configs/check-topic.ts'
import { RootLogger } from './configs/root-logger.ts'
import type { Identity } from './controller/identity.ts'
import type { LocalController } from './controller/local-controller.ts'
import { openController } from './controller/open-controller.ts'
import { prepareDirectories } from './controller/prepare-directories.ts'
import type { ListenerEndpoint } from './controller/registration.ts'
import { GroupCoordinator } from './coordinators/group/group-coordinator.ts'
import { ShareGroupCoordinator } from './coordinators/group/share/share-group-coordinator.ts'
import { ShareStateCoordinator } from './coordinators/share/share-state-coordinator.ts'
import { TransactionCoordinator } from './coordinators/transaction/transaction-coordinator.ts'
import { Maintenance } from './maintenance/maintenance.ts'
import type { Endpoint, Node } from './node.ts'
import { FetchSessions } from './partitions/fetch-sessions.ts'
import { LogDirMoves } from './partitions/log-dir-moves.ts'
import { LogDirs } from './partitions/log-dirs.ts'
import { Partitions } from './partitions/partitions.ts'
import { ShareGroups } from './partitions/share/share-groups.ts'
import { Quotas } from './quotas/quotas.ts'
import { Authorizer } from './security/authorizer.ts'
import { readAuthorizerSettings } from './security/authorizer-settings.ts'
import { seedTopics } from './seed-topics.ts'
import { seedUsers, type UserSeed } from './seed-users.ts'

export interface NodeOptions
  extends Pick<BrokerOptions, 'ports' | 'settings' | 'nodeId' | 'flush' | 'topics' | 'asVersion'> {
  readonly dirs: DataDirs
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Whose passwords are kept, in the place of any others that they have. */
  readonly users?: readonly UserSeed[]
  /** Of listeners with another one than PLAINTEXT. */
  readonly protocols?: ReadonlyMap<string, SecurityProtocol>
  /** Left out where nobody asks for its level. */
  readonly logger?: RootLogger
}

export interface OpenedNode {
  readonly node: Node
  /** Resolves with the reason why it cannot go on. */
  readonly failed: Promise<Error>
  /** Nobody asks it anything any more. */
  close(): Promise<void>
}

/** From the files upwards: logs, what the metadata says of them, partitions, and those who write to partitions. */
export async function openNode(options: NodeOptions): Promise<OpenedNode> {
  const { ports, dirs, topics = [], users = [] } = options
  const identity = await prepareDirectories(ports, dirs, options.nodeId)
  const store = await openLogStore(ports, dirs)
  let opened: OpenedNode | undefined
  try {
    opened = await openOver(store, identity, options)
    seedTopics(opened.node.controller, topics)
    seedUsers(opened.node.controller, users, ports.random)
    await opened.node.controller.durable()
    return opened
  } catch (cause) {
    if (opened === undefined) store.discard()
    else await opened.close()
    throw cause
  }
}

async function openOver(store: LogStore, identity: Identity, options: NodeOptions): Promise<OpenedNode> {
  const { ports, settings, endpoints, protocols, flush, asVersion = NEWEST } = options
  const { logger = new RootLogger(ports.log) } = options
  const { nodeId } = identity
  const configs = new BrokerConfigs(nodeId, settings)
  const isFlushedFirst = flush === 'ack'
  const controller = await openController({
    ...{ ports, identity, store, configs },
    checkTopicConfigs: (_topic, wanted) => checkTopicConfigs(wanted),
    isFlushedOnAck: isFlushedFirst,
  })
  await loadLogs(store, controller, configs)
  const { clock, log } = ports
  const partitions = new Partitions({ nodeId, logs: store, clock, log, configs, isFlushedFirst, controller })
  controller.subscribe(partitions)
  controller.lead(listenerEndpoints(endpoints, protocols), configs.optional('broker.rack'))
  const facts = { ports, configs, controller, partitions }
  const moves = new LogDirMoves({ ...facts, store })
  const authorizer = authorizerOf(facts)
  const transactions = new TransactionCoordinator(facts)
  const shareStates = new ShareStateCoordinator(facts)
  const shareMembers: ShareGroupCoordinator = new ShareGroupCoordinator({
    ...{ ports, configs, controller, states: shareStates },
    shardOf: (groupId) => groups.shardOf(groupId),
  })
  const groups = new GroupCoordinator({ ...facts, watcher: shareMembers })
  const shareGroups = new ShareGroups({ clock, configs, partitions, states: shareStates }, () =>
    configs.int('group.share.max.share.sessions'),
  )
  controller.subscribe(shareGroups.partitions)
  controller.subscribe(shareMembers)
  const failure = deferredFailure()
  const maintenance = new Maintenance({ ports, configs, store, partitions, failed: failure.tell })
  groups.start()
  transactions.start()
  shareStates.start()
  maintenance.start()
  moves.start()
  const close = async () => {
    await moves.stop()
    await maintenance.stop()
    groups.stop()
    shareGroups.stop()
    shareStates.stop()
    await transactions.stop()
    controller.leave()
    await store.close(controller.brokerEpoch)
  }
  const node: Node = {
    ...{
      id: nodeId,
      clusterId: controller.clusterId,
      logDirs: new LogDirs({ ...facts, store, moves }),
      ports,
      configs,
      logger,
      controller,
      partitions,
      groups,
      transactions,
      authorizer,
      shareStates,
      shareGroups,
      shareMembers,
    },
    fetchSessions: fetchSessions(ports, configs),
    freshTopics: new FreshTopics(ports.clock),
    quotas: new Quotas(ports.clock, configs, controller),
    endpoints,
    asVersion,
    served: rows(asVersion),
  }
  return { node, failed: failure.told, close }
}

function rows(asVersion: AsVersion): ApiVersionsRow[] {
  const served = handlersAs(asVersion, handlers).map(({ advertised }) => advertised)
  return served.sort((a, b) => a.apiKey - b.apiKey)
}

function authorizerOf({ configs, controller, ports }: Pick<Node, 'configs' | 'controller' | 'ports'>) {
  const settings = readAuthorizerSettings(configs.given)
  return settings === null ? null : new Authorizer({ ...settings, ...ports, controller })
}

function fetchSessions({ clock, random }: NodeOptions['ports'], configs: BrokerConfigs): FetchSessions {
  const maxSessions = () => configs.int('max.incremental.fetch.session.cache.slots')
  return new FetchSessions({ clock, random, maxSessions })
}

function deferredFailure(): { readonly told: Promise<Error>; tell(cause: unknown): void } {
  let resolve: (cause: Error) => void = () => {}
  const told = new Promise<Error>((settle) => {
    resolve = settle
  })
  return { told, tell: (cause) => resolve(cause instanceof Error ? cause : new Error(String(cause))) }
}

/** Folders of topics that are not there any more, or were made anew, are not opened. */
async function loadLogs(store: LogStore, controller: LocalController, configs: BrokerConfigs): Promise<void> {
  await store.load((topic, partition, topicId) => {
    const known = controller.topicById(topicId)
    const isWanted = known?.name === topic && known.partitions.has(partition)
    return isWanted ? configs.topic(topic) : null
  })
}

function listenerEndpoints(
  endpoints: ReadonlyMap<string, Endpoint>,
  protocols: NodeOptions['protocols'],
): ListenerEndpoint[] {
  return [...endpoints].map(([name, { host, port }]) => {
    return { name, host, port, securityProtocol: protocols?.get(name) ?? 'PLAINTEXT' }
  })
}
