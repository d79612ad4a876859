/**
 * What other people's programs see of ktool: a broker to test against. These types travel as they stand, so
 * this file imports nothing.
 */

/** How a broker is started. All of it may be left out. */
export interface LocalBrokerOptions {
  /** Port on 127.0.0.1 and ::1. Left out, or 0, a free one is taken. */
  readonly port?: number
  /**
   * Where the data are, and stay; several are Kafka's `log.dirs`. Left out, a directory of its own is made, and
   * removed when the broker stops.
   */
  readonly dataDir?: string | readonly string[]
  /** Topics to make: names, or names with counts of partitions. */
  readonly topics?: readonly string[] | Readonly<Record<string, number>>
  /** Settings of the broker, by Kafka's names, such as `{ 'num.partitions': 3 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /**
   * When a write is acknowledged: once the operating system has it, which flushes to disk every second
   * (`interval`, the default), or once the disk itself has it (`ack`).
   */
  readonly flush?: 'interval' | 'ack'
  /** The Kafka that clients take it for, `4.3` if left out: it serves no API and no version beyond that one's. */
  readonly asVersion?: '2.8' | '3.9' | '4.0' | '4.3'
  /** Listen with TLS and a login: `security` of the broker has what clients need. */
  readonly secure?: boolean
  /** Gets what the broker has to say. It is silent otherwise. */
  readonly log?: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    facts: Readonly<Record<string, unknown>>,
  ) => void
}

/** A broker that runs in this process, until it is stopped or disposed of. */
export interface LocalBroker {
  /** `host:port`, for `bootstrap.servers`, `brokers` or whatever a client calls it. */
  readonly bootstrap: string
  readonly host: string
  readonly port: number
  /** The first of its directories. */
  readonly dataDir: string
  readonly dataDirs: readonly string[]
  readonly clusterId: string
  readonly faults: BrokerFaults
  readonly clock: BrokerClock
  /** With what clients come in, where it was started with `secure`; null where everybody may. */
  readonly security: LocalBrokerSecurity | null
  /** Resolves when the broker had to stop by itself, such as on a full disk. */
  readonly failed: Promise<Error>
  /** Finishes what was acknowledged, and closes everything. May be called twice. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** How a broker is to fail. What is left out of the first part is not looked at; a list means one of them. */
export interface BrokerFault {
  /** Kafka's name, such as `Produce`. */
  readonly api?: string | readonly string[]
  /** `9`, or `'3-9'`. */
  readonly apiVersion?: number | string
  readonly topic?: string | readonly string[]
  readonly partition?: number | readonly number[]
  readonly group?: string | readonly string[]
  readonly transactionalId?: string | readonly string[]
  readonly clientId?: string | readonly string[]
  readonly listener?: string | readonly string[]
  /** Such as `User:alice`. */
  readonly principal?: string | readonly string[]

  /** Kafka's name, such as `NOT_LEADER_OR_FOLLOWER`: where the API tells of partitions, those of the rule alone fail. */
  readonly error?: string
  /** The answer is late by so much, and by up to `jitterMs` more. */
  readonly latencyMs?: number
  readonly jitterMs?: number
  /** The connection is closed in place of an answer. */
  readonly disconnect?: boolean
  /** No answer comes, and none to what the client sends behind it. */
  readonly drop?: boolean
  /** What the answer says in `throttleTimeMs`; the client is not listened to for so long. */
  readonly throttleMs?: number
  /** A bit of each fetched batch is wrong, or the answer ends before its end, and the connection with it. */
  readonly corrupt?: 'records' | 'frame'
  /** How fast the answer leaves. */
  readonly bytesPerSecond?: number
  /** The request is done first: its client is told an error, cut off or left without an answer all the same. */
  readonly after?: boolean

  /** So often, and no more. */
  readonly times?: number
  /** So many pass first. */
  readonly skip?: number
  /** Of those behind, every n-th. */
  readonly every?: number
  /** From 0 to 1. */
  readonly probability?: number
  /** Brings the same choices back. */
  readonly seed?: number
  readonly forMs?: number
}

/** A rule that the broker has. */
export interface StandingBrokerFault {
  readonly id: number
  /** `spent`: it struck as often as it should; `over`: its time is up. */
  readonly state: 'active' | 'spent' | 'over'
  /** Requests that it concerned, and those of them that it struck. */
  readonly matched: number
  readonly applied: number
}

/** Failing on purpose, to see what clients make of it. */
export interface BrokerFaults {
  add(fault: BrokerFault): StandingBrokerFault
  list(): StandingBrokerFault[]
  /** Those of these ids, or all. */
  clear(ids?: readonly number[]): StandingBrokerFault[]
}

/** The time that the broker goes by. */
export interface BrokerClock {
  nowMs(): number
  /** Retention, sessions, transactions: all that waits for a time until then happens at once. */
  skip(byMs: number): void
}

/** TLS with a certificate that vouches for itself, and one user. */
export interface LocalBrokerSecurity {
  /** In PEM: what clients believe. */
  readonly certificate: string
  readonly certificateFile: string
  readonly mechanism: 'SCRAM-SHA-512'
  readonly username: string
  readonly password: string
  /** A file for Java's clients and ktool. */
  readonly clientProperties: string
  /** A file for kcat and others that are made of librdkafka. */
  readonly kcatConfig: string
}

/** Starts a broker, and resolves once it serves. As many as you like can run in one process. */
export type StartBroker = (options?: LocalBrokerOptions) => Promise<LocalBroker>
