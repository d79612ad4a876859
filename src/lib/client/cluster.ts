import type { ClusterSettings } from '../config/cluster-settings.ts'
import { DataError, FailedError, type KtoolError } from '../errors.ts'
import type { Address } from '../ports/network.ts'
import type { AnswerOf, Api, QuestionOf } from '../protocol/api.ts'
import { describeQuorum } from '../protocol/apis/describe-quorum.ts'
import { metadata } from '../protocol/apis/metadata.ts'
import { brokerError } from './broker-error.ts'
import { firstToStand } from './connection/bootstrap.ts'
import type { VersionLimits } from './connection/broker-versions.ts'
import type { Connection } from './connection/connection.ts'
import { type ClientWorld, openConnection } from './connection/open-connection.ts'
import type { Peer } from './connection/peer.ts'
import { withAdvertisedHint } from './connection/unreachable.ts'
import { Deadline } from './deadline.ts'

export interface Node extends Address {
  readonly id: number
  readonly rack: string | null
}

/** Who is there, as one of the brokers said. */
export interface Nodes {
  readonly clusterId: string | null
  /** −1 where there is none. With KRaft it is any broker, which passes on what is for the controller. */
  readonly controllerId: number
  readonly brokers: readonly Node[]
}

/** Several times more than any cluster has had; each is looked up, and may be asked. */
const MOST_BROKERS = 10_000

/** For so long a broker that could not be reached is not tried again. */
const REMEMBERED_MS = 1000

export interface ClusterWorld extends ClientWorld {
  /** Keeps which cluster a context has turned out to mean. */
  readonly pin?: (context: string, clusterId: string) => Promise<void>
}

/** A live cluster: one connection to each broker that something is asked of, opened when it is needed. */
export class Cluster {
  readonly settings: ClusterSettings
  readonly deadline: Deadline
  readonly world: ClusterWorld
  readonly #connections = new Map<string, Promise<Connection>>()
  readonly #failedMs = new Map<string, number>()
  #nodes: Promise<Nodes> | undefined
  /** Told when it was asked whether it is the cluster that is meant. */
  #met: Nodes | undefined
  #first: Promise<Connection> | undefined

  constructor(settings: ClusterSettings, world: ClusterWorld) {
    this.settings = settings
    this.world = world
    this.deadline = new Deadline(world.clock, settings.timeoutMs)
  }

  /** Whoever answers. */
  async any(): Promise<Connection> {
    const first = this.#first
    const known = await first?.catch(() => undefined)
    if (known !== undefined && !known.isClosed) return known
    // Whoever asked in the same moment has begun it already.
    if (this.#first === undefined || this.#first === first) this.#first = this.#stand()
    return this.#first
  }

  #stand(): Promise<Connection> {
    const peers = this.settings.bootstrap.map((at) => ({ ...at, name: `${at.host}:${at.port}` }))
    return firstToStand(peers, (peer) => this.#connect(peer), this.world.clock).then((connection) =>
      this.#meant(connection),
    )
  }

  /** Who is there; asked once, unless somebody says that it has changed. */
  nodes(isAnew = false): Promise<Nodes> {
    if (isAnew) this.#nodes = this.#met = undefined
    if (this.#nodes !== undefined) return this.#nodes
    const asked = this.any().then((connection) => this.#met ?? this.#askNodes(connection))
    this.#nodes = asked
    // Whoever follows asks again for as long as nobody answers.
    asked.catch(() => {
      if (this.#nodes === asked) this.#nodes = undefined
    })
    return asked
  }

  async broker(id: number): Promise<Connection> {
    const { brokers } = await this.nodes()
    const node = brokers.find((each) => each.id === id)
    if (node === undefined) throw notThere(id)
    const peer = { host: node.host, port: node.port, name: `broker ${id} at ${node.host}:${node.port}` }
    return this.#connect(peer).catch((error) => {
      throw withAdvertisedHint(error, peer, this.settings.bootstrap)
    })
  }

  /**
   * The one that changes are asked of. With KRaft every broker passes them on, and one that has answered already is
   * better than the one that is named, which is any; before it is one broker alone.
   */
  async controller(isAnew = false): Promise<Connection> {
    const { controllerId } = await this.nodes(isAnew)
    const connection = await this.any()
    const isPassedOn = connection.versions.has(describeQuorum)
    return isPassedOn || controllerId < 0 ? connection : this.broker(controllerId)
  }

  async ask<A extends Api>(api: A, question: QuestionOf<A>, limits?: VersionLimits): Promise<AnswerOf<A>> {
    return this.askOf(await this.any(), api, question, limits)
  }

  /** Asks one broker, for as long as there is time. */
  askOf<A extends Api>(
    connection: Connection,
    api: A,
    question: QuestionOf<A>,
    limits?: VersionLimits,
  ): Promise<AnswerOf<A>> {
    return connection.ask(api, question, this.deadline.patienceMs(), limits)
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#connections.values())
    for (const each of opened) if (each.status === 'fulfilled') each.value.close()
  }

  async #connect(peer: Peer): Promise<Connection> {
    const key = `${peer.host}:${peer.port}`
    const known = this.#connections.get(key)
    // What could not be reached a moment ago is not waited for once more.
    if (known !== undefined && !this.#isToBeTriedAgain(key) && !(await known).isClosed) return known
    const opening = openConnection(peer, this.settings, this.world, this.deadline.patienceMs())
    this.#failedMs.delete(key)
    // It may be asked for later, or never.
    opening.catch(() => this.#failedMs.set(key, this.world.clock.monotonicMs()))
    this.#connections.set(key, opening)
    return opening
  }

  #isToBeTriedAgain(key: string): boolean {
    const failedMs = this.#failedMs.get(key)
    return failedMs !== undefined && this.world.clock.monotonicMs() - failedMs >= REMEMBERED_MS
  }

  /** Where a context was named, nothing is asked before it is clear that its cluster answers. */
  async #meant(connection: Connection): Promise<Connection> {
    if (this.settings.context === null) return connection
    this.#met = await this.#askNodes(connection)
    return connection
  }

  async #askNodes(connection: Connection): Promise<Nodes> {
    const question = { topics: [], allowAutoTopicCreation: false }
    const answer = await this.askOf(connection, metadata, question)
    const { errorCode, clusterId, controllerId, brokers } = answer
    if (errorCode !== 0) throw brokerError(errorCode)
    await this.#mustBeMeant(clusterId)
    if (brokers.length > MOST_BROKERS) throw tooManyBrokers(connection.peer, brokers.length)
    return {
      clusterId,
      controllerId,
      brokers: brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack })),
    }
  }

  /** A name that leads to another cluster than it did: somebody has moved it, or it was never this one. */
  async #mustBeMeant(clusterId: string | null): Promise<void> {
    const { context } = this.settings
    if (context === null || clusterId === null || context.clusterId === clusterId) return
    if (context.clusterId === null) return this.world.pin?.(context.name, clusterId)
    throw new FailedError(
      'wrong-cluster',
      `the context "${context.name}" is of the cluster ${context.clusterId}, and ${clusterId} answers there`,
      {
        hint: `if that is meant: ktool context add ${context.name} --pin ${clusterId}`,
        details: { context: context.name, expected: context.clusterId, found: clusterId },
      },
    )
  }
}

function tooManyBrokers({ name }: Peer, count: number): KtoolError {
  return new DataError(
    'unreadable-answer',
    `${name} says that there are ${count} brokers: no cluster has so many`,
  )
}

function notThere(id: number): KtoolError {
  return new FailedError('no-such-broker', `the cluster has no live broker ${id}`, {
    hint: 'ktool cluster brokers shows those that are there',
    details: { broker: id },
  })
}
