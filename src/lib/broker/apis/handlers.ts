import { addOffsetsToTxn } from './add-offsets-to-txn.ts'
import { addPartitionsToTxn } from './add-partitions-to-txn.ts'
import { apiVersions } from './api-versions.ts'
import { createPartitions } from './create-partitions.ts'
import { createTopics } from './create-topics.ts'
import { deleteRecords } from './delete-records.ts'
import { deleteTopics } from './delete-topics.ts'
import { describeProducers } from './describe-producers.ts'
import { describeTransactions } from './describe-transactions.ts'
import { endTxn } from './end-txn.ts'
import { fetch } from './fetch.ts'
import type { Handler } from './handler.ts'
import { initProducerId } from './init-producer-id.ts'
import { listOffsets } from './list-offsets.ts'
import { listTransactions } from './list-transactions.ts'
import { metadata } from './metadata.ts'
import { offsetForLeaderEpoch } from './offset-for-leader-epoch.ts'
import { produce } from './produce.ts'
import { saslAuthenticate } from './sasl-authenticate.ts'
import { saslHandshake } from './sasl-handshake.ts'
import { writeTxnMarkers } from './write-txn-markers.ts'

/** Every API that this broker serves. ApiVersions says these, and no others. */
export const handlers: readonly Handler[] = [
  metadata,
  deleteTopics,
  createTopics,
  createPartitions,
  addOffsetsToTxn,
  addPartitionsToTxn,
  apiVersions,
  deleteRecords,
  describeProducers,
  describeTransactions,
  endTxn,
  fetch,
  initProducerId,
  listOffsets,
  listTransactions,
  offsetForLeaderEpoch,
  produce,
  saslAuthenticate,
  saslHandshake,
  writeTxnMarkers,
]
