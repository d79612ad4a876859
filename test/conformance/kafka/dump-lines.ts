/** A line of `ktool dump-segment --all -o jsonl`, as far as Kafka's own dump tells the same. */
export interface DumpLine {
  readonly kind: 'batch' | 'record'
  readonly [key: string]: unknown
}

/** What `kafka-dump-log --deep-iteration --print-data-log` prints of it. */
export function kafkaDumpLine(line: DumpLine): string {
  return line.kind === 'batch' ? batchLine(line) : recordLine(line)
}

function batchLine(line: DumpLine): string {
  const { timestampType, maxTimestamp, codec, crc, valid, size, ...same } = line
  const names = [
    'baseOffset',
    'lastOffset',
    'count',
    'baseSequence',
    'lastSequence',
    'producerId',
    'producerEpoch',
  ]
  const [isTransactional, isControl] = [same.isTransactional, same.isControl]
  return [
    ...names.map((name) => `${name}: ${name === 'lastSequence' ? lastSequence(line) : same[name]}`),
    `partitionLeaderEpoch: ${same.partitionLeaderEpoch}`,
    `isTransactional: ${isTransactional} isControl: ${isControl} deleteHorizonMs: ${optional(same.deleteHorizonMs)}`,
    `position: ${same.position} ${timestampType}: ${maxTimestamp} size: ${size} magic: ${same.magic}`,
    `compresscodec: ${codec} crc: ${crc} isvalid: ${valid}`,
  ].join(' ')
}

function lastSequence({ baseSequence, baseOffset, lastOffset }: DumpLine): number {
  return baseSequence === -1 ? -1 : Number(baseSequence) + Number(lastOffset) - Number(baseOffset)
}

type Header = readonly [string, string | null]

function recordLine(line: DumpLine): string {
  const { key, value, controlType, coordinatorEpoch } = line
  const facts = [kafkaRecordFacts(line)]
  if (controlType !== undefined)
    facts.push(`endTxnMarker: ${controlType} coordinatorEpoch: ${coordinatorEpoch}`)
  else facts.push(...(key === null ? [] : [`key: ${key}`]), ...(value === null ? [] : [`payload: ${value}`]))
  return facts.join(' ')
}

/** What it prints of a record in front of its key and value. */
export function kafkaRecordFacts(line: DumpLine): string {
  const names = ((line.headers ?? line.headersBase64) as readonly Header[]).map(([name]) => name)
  return [
    `| offset: ${line.offset} ${line.timestampType}: ${line.timestamp}`,
    `keySize: ${sizeOf(line, 'key')} valueSize: ${sizeOf(line, 'value')}`,
    `sequence: ${line.sequence} headerKeys: [${names.join(',')}]`,
  ].join(' ')
}

function sizeOf(line: DumpLine, name: 'key' | 'value'): number {
  const [text, base64] = [line[name], line[`${name}Base64`]]
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64').length
  return typeof text === 'string' ? Buffer.byteLength(text) : -1
}

/** What `kafka-dump-log` prints of an entry of an index or a producer snapshot: its fields, in the same order. */
export function kafkaEntryLine(entry: { readonly [key: string]: unknown }): string {
  const { kind: _kind, topic: _topic, partition: _partition, file: _file, ...facts } = entry
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${name === 'currentTxnFirstOffset' ? optional(value) : value}`)
    .join(' ')
}

function optional(value: unknown): string {
  return value === null ? 'OptionalLong.empty' : `OptionalLong[${value}]`
}
