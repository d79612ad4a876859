import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Api } from '../../../src/lib/protocol/api.ts'
import { fetch } from '../../../src/lib/protocol/apis/fetch.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { produce } from '../../../src/lib/protocol/apis/produce.ts'
import { requestHeader } from '../../../src/lib/protocol/headers.ts'
import { BatchWriter } from '../../../src/lib/records/batch-writer.ts'

/** Requests as files, for the client that only replays. */
export class Frames {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** One batch of records of 100 bytes. */
  produce(topic: string, batchBytes: number): string {
    const writer = new BatchWriter({ codec: 'none' })
    const value = Buffer.alloc(100, 'x')
    while (writer.sizeBytes < batchBytes) writer.append({ key: null, value, timestamp: Date.now() })
    const partitionData = [{ index: 0, records: writer.finish() }]
    const body = produce.request.encode(
      { acks: 1, timeoutMs: 1000, topicData: [{ name: topic, partitionData }] },
      7,
    )
    return this.#write(`produce-${batchBytes}`, produce as Api, 7, body)
  }

  /** And where in it the offset stands, and where in the answer the size of the records. */
  fetch(topic: string, maxBytes: number): { file: string; offsetAt: number; recordsAt: number } {
    const fetchOffset = 0x0102030405060708n
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: maxBytes }]
    const wish = { maxWaitMs: 500, minBytes: 1, maxBytes, topics: [{ topic, partitions }] }
    const body = fetch.request.encode(wish, 11)
    const file = this.#write(`fetch-${maxBytes}`, fetch as Api, 11, body)
    const mark = Buffer.alloc(8)
    mark.writeBigInt64BE(fetchOffset)
    // Correlation id, throttle time, error, session; one topic with its name; one partition with its offsets.
    const recordsAt = 4 + 4 + 2 + 4 + 4 + (2 + topic.length) + 4 + (4 + 2 + 8 + 8 + 8 + 4 + 4)
    return { file, offsetAt: this.#headerBytes(fetch as Api, 11) + body.indexOf(mark), recordsAt }
  }

  metadata(): string {
    return this.#write('metadata', metadata as Api, 12, metadata.request.encode({ topics: [] }, 12))
  }

  #write(name: string, api: Api, version: number, body: Buffer): string {
    const file = join(this.#folder, name)
    const header = headerOf(api, version)
    const length = Buffer.alloc(4)
    length.writeInt32BE(header.length + body.length)
    writeFileSync(file, Buffer.concat([length, header, body]))
    return file
  }

  #headerBytes(api: Api, version: number): number {
    return 4 + headerOf(api, version).length
  }
}

function headerOf(api: Api, version: number): Buffer {
  const fields = {
    requestApiKey: api.key,
    requestApiVersion: version,
    correlationId: 1,
    clientId: 'bench',
  }
  return Buffer.from(requestHeader.encode(fields, api.requestHeaderVersion(version)))
}
