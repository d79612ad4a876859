import { fastestCrc } from './native-crc.ts'

/** Castagnoli's polynomial, bits reversed. */
export const CRC32C_POLYNOMIAL = 0x82f63b78

/** The checksum of record batches (magic 2) and of producer snapshots. */
export const crc32c = fastestCrc('crc32c', CRC32C_POLYNOMIAL)
