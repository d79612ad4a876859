import { boolean, integer, option, string } from './flags.ts'

const MAX_PORT = 65_535

/** For a command that starts a local broker. */
export const localBrokerFlags = {
  port: integer({
    min: 0,
    max: MAX_PORT,
    exclusive: ['listen'],
    summary: 'Port on 127.0.0.1 and ::1; 0 takes a free one. 9092 if not said.',
    helpValue: 'PORT',
  }),
  'data-dir': string({
    exclusive: ['ephemeral'],
    summary: 'Where its data are, and stay.',
    helpValue: 'DIR',
  }),
  ephemeral: boolean({ summary: 'A directory of its own, which goes when the broker stops.' }),
  topic: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A topic to make if it is not there, with its count of partitions.',
    helpValue: 'NAME:PARTITIONS',
  }),
  listen: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Where to listen instead, also for other machines.',
    helpValue: 'NAME://HOST:PORT',
  }),
  advertise: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'What clients of a listener are told to connect to.',
    helpValue: 'NAME://HOST:PORT',
  }),
  flush: option({
    options: ['interval', 'ack'] as const,
    summary: 'Acknowledge once the system has it (interval, the default), or the disk itself (ack).',
  })(),
  config: string({ summary: "A broker's server.properties, to take settings from.", helpValue: 'FILE' }),
  set: string({
    char: 'X',
    multiple: true,
    multipleNonGreedy: true,
    summary: "One setting of the broker, by Kafka's name.",
    helpValue: 'KEY=VALUE',
  }),
}
