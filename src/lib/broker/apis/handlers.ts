import { addOffsetsToTxn } from './add-offsets-to-txn.ts'
import { addPartitionsToTxn } from './add-partitions-to-txn.ts'
import { apiVersions } from './api-versions.ts'
import { describeTransactions } from './describe-transactions.ts'
import { endTxn } from './end-txn.ts'
import type { Handler } from './handler.ts'
import { initProducerId } from './init-producer-id.ts'
import { listTransactions } from './list-transactions.ts'
import { saslAuthenticate } from './sasl-authenticate.ts'
import { saslHandshake } from './sasl-handshake.ts'

/** Every API that this broker serves. ApiVersions says these, and no others. */
export const handlers: readonly Handler[] = [
  addOffsetsToTxn,
  addPartitionsToTxn,
  apiVersions,
  describeTransactions,
  endTxn,
  initProducerId,
  listTransactions,
  saslAuthenticate,
  saslHandshake,
]
