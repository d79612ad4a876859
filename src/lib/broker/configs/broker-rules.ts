import { ApiError } from '../api-error.ts'
import { BrokerConfigs } from './broker-configs.ts'
import { mustCordonItsOwn } from './cordoned-log-dirs.ts'

const MEBIBYTE = 1_048_576
const JMX = 'org.apache.kafka.common.metrics.JmxReporter'

/** Throws INVALID_REQUEST, in Kafka's words, where the settings of a broker, each good by itself, are not good together. */
export function mustFitTogether(now: BrokerConfigs, then: BrokerConfigs): void {
  for (const { holds, message } of rules) {
    if (!holds(then)) throw new ApiError('INVALID_REQUEST', `requirement failed: ${message}`)
  }
  mustCordonItsOwn(then)
  connectionLimits(then)
  for (const kind of ['consumer', 'share', 'streams']) assignmentPace(then, kind)
  for (const name of ['max.connections', 'max.connection.creation.rate']) mustLetIn(name, now, then)
  for (const name of threads) mustBeNear(name, now, then)
  cleanerThreads(now, then)
  reporters(then)
  localRetention(then, 'log.local.retention.ms', 'log.retention.ms', retentionMs(then))
  localRetention(then, 'log.local.retention.bytes', 'log.retention.bytes', then.long('log.retention.bytes'))
}

/** Throws INVALID_CONFIG where what was given at the start is not: in words for who reads it, not for a client. */
export function checkGivenConfigs(given: ReadonlyMap<string, string>): void {
  // Directories may be named in other ways, and go before these.
  const configs = new BrokerConfigs(0, new Map([...given].filter(([name]) => name !== 'log.dirs')))
  if (configs.int('log.cleaner.threads') === 0) {
    throw new ApiError('INVALID_CONFIG', 'log.cleaner.threads must be at least 1')
  }
  for (const { holds, message } of rules) {
    if (!holds(configs)) throw new ApiError('INVALID_CONFIG', message)
  }
  mustFitTogether(configs, configs)
}

interface Rule {
  readonly holds: (configs: BrokerConfigs) => boolean
  readonly message: string
}

const rules: readonly Rule[] = [
  {
    holds: (configs) => configs.timeMs('log.roll.ms') >= 1n,
    message: 'log.roll.ms must be greater than or equal to 1',
  },
  {
    holds: (configs) => configs.timeMs('log.roll.jitter.ms') >= 0n,
    message: 'log.roll.jitter.ms must be greater than or equal to 0',
  },
  {
    holds: (configs) => retentionMs(configs) !== 0,
    message: 'log.retention.ms must be unlimited (-1) or, greater than or equal to 1',
  },
  {
    holds: (configs) =>
      Math.floor(configs.long('log.cleaner.dedupe.buffer.size') / cleaners(configs)) > MEBIBYTE,
    message: 'log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.',
  },
  {
    holds: (configs) => configs.int('replica.fetch.wait.max.ms') <= configs.int('replica.socket.timeout.ms'),
    message:
      'replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts',
  },
  {
    holds: (configs) =>
      configs.long('queued.max.request.bytes') <= 0 ||
      configs.long('queued.max.request.bytes') >= configs.int('socket.request.max.bytes'),
    message: 'queued.max.request.bytes must be larger or equal to socket.request.max.bytes',
  },
  {
    holds: (configs) =>
      configs.int('max.connections.per.ip') > 0 || configs.string('max.connections.per.ip.overrides') !== '',
    message:
      'max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.',
  },
]

function cleaners(configs: BrokerConfigs): number {
  const threads = configs.int('log.cleaner.threads')
  // What Kafka says of no threads, word for word
  if (threads === 0) throw new ApiError('INVALID_REQUEST', '/ by zero')
  return threads
}

function retentionMs(configs: BrokerConfigs): number {
  return Math.max(-1, Number(configs.timeMs('log.retention.ms')))
}

/** host:count, with commas between. */
function connectionLimits(configs: BrokerConfigs): void {
  const name = 'max.connections.per.ip.overrides'
  for (const entry of configs.string(name).split(',')) {
    const text = entry.trim()
    if (text === '') continue
    const colon = text.lastIndexOf(':')
    if (colon < 0) {
      const reason = `begin 0, end -1, length ${text.length}`
      throw new ApiError('INVALID_REQUEST', `Error parsing configuration property '${name}': ${reason}`)
    }
    const count = text.slice(colon + 1)
    if (!/^[+-]?\d{1,10}$/.test(count)) {
      throw new ApiError('INVALID_REQUEST', `For input string: "${count}"`)
    }
  }
}

function assignmentPace(configs: BrokerConfigs, kind: string): void {
  const name = `group.${kind}.assignment.interval.ms`
  const [min, max] = [`group.${kind}.min.assignment.interval.ms`, `group.${kind}.max.assignment.interval.ms`]
  const say = (rule: string) => new ApiError('INVALID_REQUEST', `${name} must be ${rule}`)
  if (configs.int(name) > configs.int(max)) throw say(`less than or equal to ${max}`)
  if (configs.int(name) < configs.int(min)) throw say(`greater than or equal to ${min}`)
}

/** A listener that lets nobody in could not be told otherwise. */
function mustLetIn(name: string, now: BrokerConfigs, then: BrokerConfigs): void {
  for (const address of then.list('listeners')) {
    const listener = address.slice(0, address.indexOf(':'))
    const value = then.intOfListener(listener, name)
    if (value <= 0 && value !== now.intOfListener(listener, name))
      throw invalidDynamic(`Invalid ${name} ${value}`)
  }
}

/** Counts of threads: this broker has one, and lets nobody ask for what Kafka would refuse. */
const threads = [
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads',
  'remote.log.reader.threads',
  'remote.log.manager.copier.thread.pool.size',
  'remote.log.manager.expiration.thread.pool.size',
  'remote.log.manager.follower.thread.pool.size',
] as const

function mustBeNear(name: string, now: BrokerConfigs, then: BrokerConfigs): void {
  const [current, wanted] = [now.int(name), then.int(name)]
  const say = (rule: string) =>
    invalidDynamic(
      `Dynamic thread count update validation failed for ${name}=${wanted}, value should ${rule}`,
    )
  if (wanted < Math.floor(current / 2)) throw say(`be at least half the current value ${current}`)
  if (wanted > current * 2) throw say(`not be greater than double the current value ${current}`)
}

function cleanerThreads(now: BrokerConfigs, then: BrokerConfigs): void {
  const [current, wanted] = [now.int('log.cleaner.threads'), then.int('log.cleaner.threads')]
  const say = (rule: string) =>
    invalidDynamic(`Log cleaner threads cannot be ${rule} the current value ${current}`)
  if (wanted < Math.floor(current / 2)) throw say('reduced below half')
  if (wanted > current * 2) throw say('increased to more than double')
}

/** There are none here but the one that reports to nobody outside of Java. */
function reporters(configs: BrokerConfigs): void {
  if (configs.list('metric.reporters').every((name) => name === JMX)) return
  throw invalidDynamic(
    'Validation of dynamic config update of Set(metric.reporters) failed with class class kafka.server.DynamicMetricsReporters',
  )
}

/** What is kept here must not be more than what is kept at all (KIP-405). */
function localRetention(configs: BrokerConfigs, name: string, whole: string, limit: number): void {
  const value = configs.long(name)
  if (value === -2 || limit === -1) return
  const say = (rule: string) => invalidDynamic(`Invalid value ${value} for configuration ${name}: ${rule}`)
  if (value === -1) throw say(`Value must not be -1 as ${whole} value is set as ${limit}.`)
  if (value > limit) throw say(`Value must not be more than ${whole} property value: ${limit}`)
}

/** Kafka wraps one complaint in another. */
function invalidDynamic(reason: string): ApiError {
  return new ApiError(
    'INVALID_REQUEST',
    `Invalid value org.apache.kafka.common.config.ConfigException: ${reason} for configuration Invalid dynamic configuration`,
  )
}
