import type { Kafka } from 'kafkajs'
import type { ClusterSettings } from '../../config/cluster-settings.ts'
import { UsageError } from '../../errors.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { Address } from '../../ports/network.ts'
import { registerCodecs } from './kafkajs-codecs.ts'
import { quietKafkajs, toldTo } from './kafkajs-log.ts'
import { kafkajsSecurity, type TokenOf } from './kafkajs-security.ts'
import { type Kafkajs, loadKafkajs } from './load-kafkajs.ts'

/** kafkajs with our codecs, our security and our patience. */
export interface OpenedKafkajs {
  readonly kafka: Kafka
  readonly library: Kafkajs
}

export interface KafkajsWishes {
  /** Where its talk goes; null keeps it silent, since what ends a command is told as an error anyway. */
  readonly log: LogSink | null
  /** For OAUTHBEARER; asked again whenever a connection needs one. */
  readonly tokenOf?: TokenOf
}

/** No broker may keep a command for longer with one answer. */
const LONGEST_REQUEST_MS = 30_000
const LONGEST_CONNECT_MS = 10_000
const RETRIES = 5

/** Connects to nothing yet. */
export async function openKafkajs(settings: ClusterSettings, wishes: KafkajsWishes): Promise<OpenedKafkajs> {
  const library = await loadKafkajs()
  registerCodecs(library.CompressionCodecs, library.CompressionTypes)
  const { clientId, timeoutMs, bootstrap } = settings
  const kafka = new library.Kafka({
    clientId,
    brokers: bootstrap.map(asBroker),
    connectionTimeout: Math.min(timeoutMs / 2, LONGEST_CONNECT_MS),
    requestTimeout: Math.min(timeoutMs, LONGEST_REQUEST_MS),
    retry: { retries: RETRIES, initialRetryTime: 100, maxRetryTime: Math.min(timeoutMs / 2, 5000) },
    ...(wishes.log === null ? quietKafkajs(library) : toldTo(wishes.log, library)),
    ...kafkajsSecurity(settings, wishes.tokenOf),
  })
  return { kafka, library }
}

/** kafkajs cuts at the first colon. */
function asBroker({ host, port }: Address): string {
  if (!host.includes(':')) return `${host}:${port}`
  throw new UsageError(
    'ipv6-bootstrap',
    `[${host}]:${port}: groups and producing need a name or an IPv4 address`,
    {
      hint: host === '::1' ? `say localhost:${port}` : 'name the broker by its host name',
    },
  )
}
