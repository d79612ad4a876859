import { fastestCrc } from './native-crc.ts'

/** The polynomial of Ethernet and gzip, bits reversed. */
export const CRC32_POLYNOMIAL = 0xedb88320

/** The checksum of messages of magic 0 and 1. */
export const crc32 = fastestCrc('crc32', CRC32_POLYNOMIAL)
