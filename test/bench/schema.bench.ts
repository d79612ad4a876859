/** Decoding a large Metadata response, beside two libraries that do it in hand-written code. */
import { createRequire } from 'node:module'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { measure, report } from './measure.ts'

const require = createRequire(import.meta.url)
const { METADATA_V12 } = require('kafka-ts/dist/api/metadata/v12.js')
const { Decoder } = require('kafka-ts/dist/utils/decoder.js')
const kafkajs = require('kafkajs/src/protocol/requests/metadata/v6/response.js')

/** 3 brokers, 200 topics of 12 partitions with 3 replicas. */
function cluster(version: number) {
  const partition = (partitionIndex: number) => ({
    partitionIndex,
    leaderId: 1 + (partitionIndex % 3),
    replicaNodes: [1, 2, 3],
    isrNodes: [1, 2, 3],
    ...(version >= 7 ? { leaderEpoch: 5 } : {}),
  })
  const topic = (index: number) => ({
    name: `payments.settled-${index}`,
    partitions: Array.from({ length: 12 }, (_, i) => partition(i)),
    ...(version >= 10 ? { topicId: Buffer.alloc(16, index + 1).toString('base64url') } : {}),
  })
  return {
    clusterId: 'Mk3OEYBSD34fcwNTJENDM2',
    controllerId: 1,
    brokers: [1, 2, 3].map((nodeId) => ({
      nodeId,
      host: `broker-${nodeId}.example.com`,
      port: 9092,
      rack: 'a',
    })),
    topics: Array.from({ length: 200 }, (_, i) => topic(i)),
  }
}

const cluster12 = cluster(12)
const newest = metadata.response.encode(cluster12, 12)
const sixth = metadata.response.encode(cluster(6), 6)

process.stdout.write(`Metadata response, 200 topics × 12 partitions: ${newest.length} bytes in v12\n`)
report(
  measure([
    { name: 'ktool decodes v12', work: () => void metadata.response.decode(newest, 12) },
    { name: 'kafka-ts decodes v12', work: () => void METADATA_V12.response(new Decoder(newest)) },
    { name: 'kafkajs decodes v6', work: () => void kafkajs.decode(sixth) },
    { name: 'ktool decodes v6', work: () => void metadata.response.decode(sixth, 6) },
    { name: 'ktool encodes v12', work: () => void metadata.response.encode(cluster12, 12) },
  ]),
)
process.stdout.write('limits: 2.00× of kafka-ts in v12, 1.00× of kafkajs in its newest version\n')
