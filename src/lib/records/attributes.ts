export type TimestampType = 'NoTimestampType' | 'CreateTime' | 'LogAppendTime'

/** What stands where no time is known. */
export const NO_TIMESTAMP = -1

/** The low byte of a batch's attributes; Kafka ignores the high byte of magic 2. */
export const attributeBits = {
  codec: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  /** The base timestamp is the time from which tombstones and markers may go (KIP-534). */
  deleteHorizon: 0x40,
} as const

export function timestampTypeOf(magic: number, attributes: number): TimestampType {
  if (magic === 0) return 'NoTimestampType'
  return attributes & attributeBits.logAppendTime ? 'LogAppendTime' : 'CreateTime'
}

export interface BatchAttributes {
  readonly codecId: number
  readonly isLogAppendTime: boolean
  readonly isTransactional?: boolean
  readonly isControl?: boolean
  readonly hasDeleteHorizon?: boolean
}

export function attributesByte(attributes: BatchAttributes): number {
  let byte = attributes.codecId
  if (attributes.isLogAppendTime) byte |= attributeBits.logAppendTime
  if (attributes.isTransactional) byte |= attributeBits.transactional
  if (attributes.isControl) byte |= attributeBits.control
  if (attributes.hasDeleteHorizon) byte |= attributeBits.deleteHorizon
  return byte
}
