import type { KafkaConfig, LogEntry } from 'kafkajs'
import type { LogLevel, LogSink } from '../../ports/log-sink.ts'
import type { Kafkajs } from './load-kafkajs.ts'

type LogWishes = Pick<KafkaConfig, 'logLevel' | 'logCreator'>

/** Left alone it writes to stdout, among the data. */
export function quietKafkajs({ logLevel }: Kafkajs): LogWishes {
  return { logLevel: logLevel.NOTHING, logCreator: () => () => undefined }
}

export function toldTo(sink: LogSink, { logLevel }: Kafkajs): LogWishes {
  return {
    logLevel: logLevel.INFO,
    logCreator:
      () =>
      ({ level, namespace, log }: LogEntry) => {
        const { message, timestamp: _, logger: _logger, stack: _stack, ...facts } = log
        sink.log(levelOf(level, logLevel), `${namespace}: ${message}`, facts)
      },
  }
}

function levelOf(level: number, { ERROR, WARN, INFO }: Kafkajs['logLevel']): LogLevel {
  if (level <= ERROR) return 'error'
  if (level <= WARN) return 'warn'
  return level <= INFO ? 'info' : 'debug'
}
