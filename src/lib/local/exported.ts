/**
 * What other people's programs see of ktool: a broker to test against. These types travel as they stand, so
 * this file imports nothing.
 */

/** How a broker is started. All of it may be left out. */
export interface LocalBrokerOptions {
  /** Port on 127.0.0.1 and ::1. Left out, or 0, a free one is taken. */
  readonly port?: number
  /** Where the data are, and stay. Left out, a directory of its own is made, and removed when the broker stops. */
  readonly dataDir?: string
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
  readonly dataDir: string
  readonly clusterId: string
  /** Resolves when the broker had to stop by itself, such as on a full disk. */
  readonly failed: Promise<Error>
  /** Finishes what was acknowledged, and closes everything. May be called twice. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts a broker, and resolves once it serves. As many as you like can run in one process. */
export type StartBroker = (options?: LocalBrokerOptions) => Promise<LocalBroker>
