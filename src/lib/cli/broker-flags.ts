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
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'Where it keeps its data, said once for each directory; if not said, one of ktool’s among your own files.',
    helpValue: 'DIR',
  }),
  ephemeral: boolean({ summary: 'Keep the data in a directory that is removed when the broker stops.' }),
  topic: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A topic to create unless it exists, with its number of partitions.',
    helpValue: 'NAME:PARTITIONS',
  }),
  listen: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'An address to listen at instead of this machine’s own, so that others can connect.',
    helpValue: 'NAME://HOST:PORT',
  }),
  advertise: string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'The address that clients of a listener are told to connect to.',
    helpValue: 'NAME://HOST:PORT',
  }),
  secure: boolean({
    exclusive: ['listen'],
    summary:
      'Listen with TLS and a login; makes a certificate, a user and a client.properties, and keeps them.',
  }),
  flush: option({
    options: ['interval', 'ack'] as const,
    summary: 'Acknowledge a write once the system has it (interval, the default), or the disk itself (ack).',
  })(),
  'as-version': option({
    options: ['4.3', '4.0', '3.9', '2.8'] as const,
    summary:
      'The Kafka that clients take it for: it serves no API and no version beyond that one’s. 4.3 if not said.',
  })(),
  config: string({ summary: "A broker's server.properties, to read settings from.", helpValue: 'FILE' }),
  set: string({
    char: 'X',
    multiple: true,
    multipleNonGreedy: true,
    summary: "One setting of the broker, by Kafka's name.",
    helpValue: 'KEY=VALUE',
  }),
  control: string({
    summary:
      'Let it be controlled by HTTP at this port of this machine; 0 takes a free one. Off if not said.',
    helpValue: '[HOST:]PORT',
  }),
  journal: string({
    summary: 'Write each request as a line of JSON to this file, and what became of it.',
    helpValue: 'FILE',
  }),
  'journal-records': boolean({ dependsOn: ['journal'], summary: 'With the records that requests bring.' }),
}
