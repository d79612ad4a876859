import { Reader } from '../bytes/reader.ts'
import { Writer } from '../bytes/writer.ts'
import { DataError } from '../errors.ts'
import type { Decoded, Encodable, Fields } from '../schema/field.ts'
import { Message, mustBeWhole } from '../schema/message.ts'
import { parseVersions } from '../schema/versions.ts'

/** As Kafka sorts the records of its own logs. */
export type LogRecordType = 'data' | 'metadata' | 'coordinator-key' | 'coordinator-value'

/** What lies in front of a record's fields in a log, a file or a message. */
export type Framing = 'none' | 'version' | 'type' | 'metadata'

interface LogRecordDefinition<F extends Fields> {
  readonly name: string
  readonly type: LogRecordType
  /** The number that tells records of one log apart. */
  readonly key?: number
  readonly framing: Framing
  readonly versions: string
  readonly flexible?: number
  readonly fields: F
}

/** A record that Kafka writes into its own logs and files, at all versions. */
export class LogRecord<F extends Fields = Fields> {
  readonly name: string
  readonly type: LogRecordType
  readonly key: number | undefined
  readonly framing: Framing
  readonly message: Message<F>

  constructor(definition: LogRecordDefinition<F>) {
    this.name = definition.name
    this.type = definition.type
    this.key = definition.key
    this.framing = definition.framing
    const versions = parseVersions(definition.versions)
    const flexibleFrom = definition.flexible ?? Number.POSITIVE_INFINITY
    this.message = new Message({ name: definition.name, versions, flexibleFrom }, definition.fields)
  }

  /** The bytes as they lie in the log, with what stands in front. */
  encodeFramed(value: Encodable<Decoded<F>>, version: number): Buffer {
    const writer = new Writer()
    if (this.framing === 'version') writer.int16(version)
    if (this.framing === 'type') writer.int16(this.#key())
    if (this.framing === 'metadata')
      for (const part of [METADATA_FRAME, this.#key(), version]) writer.uvarint(part)
    this.message.write(writer, value, version)
    return writer.written()
  }

  /** A record without framing has its version as a field; the caller names the layout to read it by. */
  decodeFramed(bytes: Buffer, unframedVersion = 0): { value: Decoded<F>; version: number } {
    const reader = new Reader(bytes)
    const version = this.#readFrame(reader, unframedVersion)
    const value = this.message.read(reader, version)
    mustBeWhole(this.name, reader)
    return { value, version }
  }

  #readFrame(reader: Reader, unframedVersion: number): number {
    if (this.framing === 'none') return unframedVersion
    if (this.framing === 'version') return reader.int16()
    if (this.framing === 'type') {
      this.#mustBeMine(reader.int16())
      return 0
    }
    const { type, version } = readMetadataFrame(reader)
    this.#mustBeMine(type)
    return version
  }

  #key(): number {
    return this.key ?? 0
  }

  #mustBeMine(type: number): void {
    if (type === this.key) return
    throw new DataError('wrong-record-type', `type ${type} is not ${this.name}, which is type ${this.key}`, {
      details: { position: 0, type },
    })
  }
}

const METADATA_FRAME = 1

/** KIP-631: frame version, record type and record version, each an unsigned varint. */
function readMetadataFrame(reader: Reader): { type: number; version: number } {
  const frame = reader.uvarint()
  if (frame !== METADATA_FRAME)
    throw new DataError(
      'unknown-frame',
      `frame version ${frame} is not the one that Kafka writes, ${METADATA_FRAME}`,
      {
        details: { position: 0, frame },
      },
    )
  return { type: reader.uvarint(), version: reader.uvarint() }
}

interface CoordinatorDefinition<K extends Fields, V extends Fields> {
  readonly name: string
  readonly type: number
  readonly key: K
  readonly versions: string
  readonly flexible?: number
  readonly value: V
}

/** A kind of entry in a coordinator's log: the key says which, the value says what; no value deletes it. */
export interface CoordinatorRecord<K extends Fields = Fields, V extends Fields = Fields> {
  readonly key: LogRecord<K>
  readonly value: LogRecord<V>
}

export function coordinatorRecord<K extends Fields, V extends Fields>(
  definition: CoordinatorDefinition<K, V>,
): CoordinatorRecord<K, V> {
  const { name, type, versions, flexible } = definition
  const key = new LogRecord({
    name: `${name}Key`,
    type: 'coordinator-key',
    key: type,
    framing: 'type',
    versions: '0',
    fields: definition.key,
  })
  const value = new LogRecord({
    name: `${name}Value`,
    type: 'coordinator-value',
    key: type,
    framing: 'version',
    versions,
    ...(flexible === undefined ? {} : { flexible }),
    fields: definition.value,
  })
  return { key, value }
}
