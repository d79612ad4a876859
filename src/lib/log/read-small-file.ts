import { DataError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'

/** Far more than a broker with a hundred thousand partitions writes into a checkpoint. */
const MAX_BYTES = 64 * 1024 * 1024

/** All of a file that is small if it is what it seems to be. */
export function readSmallFile(disk: ReadableDisk, path: string, maxBytes = MAX_BYTES): Buffer {
  const file = disk.openToRead(path)
  try {
    const sizeBytes = file.sizeBytes()
    if (sizeBytes > maxBytes) {
      throw new DataError(
        'file-too-large',
        `${path} has ${sizeBytes} bytes; no such file of Kafka is so large`,
        {
          details: { path, sizeBytes },
        },
      )
    }
    const bytes = Buffer.alloc(sizeBytes)
    return bytes.subarray(0, file.read(bytes, 0))
  } finally {
    file.close()
  }
}
