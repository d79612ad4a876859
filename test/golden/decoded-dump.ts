import type { InternalRecord } from '../../src/lib/log/internal/internal-record.ts'

/** What a record says, as far as a dump tells it. */
export type Said = Partial<InternalRecord>

/** What Kafka's own tool says of each record of a log, by offset. */
export function saidByKafka(dump: string): Map<number, Said> {
  const lines = dump.split('\n').flatMap((line): [number, Said][] => {
    const [, offset, text] = /^\| offset: (\d+) .*?headerKeys: \[\] ?(.*)$/.exec(line) ?? []
    return text === undefined ? [] : [[Number(offset), readWords(text)]]
  })
  return new Map(lines)
}

/** From behind the `headerKeys` of its line. */
export function readWords(text: string): Said {
  const [, marker, epoch] = /^endTxnMarker: (\w+) coordinatorEpoch: (\d+)$/.exec(text) ?? []
  if (marker !== undefined) return { type: marker, value: { coordinatorEpoch: Number(epoch) } }
  const [, control] = /^[A-Z]\w+:? (\{.*\})$/.exec(text) ?? []
  if (control !== undefined) return { value: parse(control) }
  const [, key = '{}', value = ''] = /^(?:key: (\{.*\}) )?payload: (\{.*\}|<DELETE>)$/.exec(text) ?? []
  const { type: typeId, data } = parse(key)
  if (value === '<DELETE>') return { typeId: Number(typeId), key: data, version: null, value: null }
  const { type, version, data: fields } = parse(value)
  const rest = { version: Number(version), value: fields }
  return type === undefined ? { typeId: Number(typeId), key: data, ...rest } : { type, key: null, ...rest }
}

/** Numbers that JSON.parse would round are digits where ktool prints them. */
// biome-ignore lint/suspicious/noExplicitAny: what Kafka printed is what it is.
function parse(text: string): any {
  return JSON.parse(text.replace(/(?<=[:[,])-?\d{16,}/g, exact))
}

function exact(digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`
}

/** `TopicRecord` → `TOPIC_RECORD` */
export function inKafkasWords<T extends { readonly type: string | null }>(record: T): T {
  const name = record.type?.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase() ?? null
  return { ...record, type: name }
}
