import type { LogRecord } from '../../protocol/log-record.ts'
import {
  brokerRegistrationChangeRecord,
  fenceBrokerRecord,
  registerBrokerRecord,
  registerControllerRecord,
  unregisterBrokerRecord,
} from '../../protocol/records/cluster-metadata-broker-records.ts'
import {
  clientQuotaRecord,
  unfenceBrokerRecord,
  zkMigrationStateRecord,
} from '../../protocol/records/cluster-metadata-records.ts'
import {
  accessControlEntryRecord,
  delegationTokenRecord,
  removeAccessControlEntryRecord,
  removeDelegationTokenRecord,
  removeUserScramCredentialRecord,
  userScramCredentialRecord,
} from '../../protocol/records/cluster-metadata-security-records.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { QuorumRecord } from './metadata-batches.ts'

type ValueOf<R> = R extends LogRecord<infer F> ? ReturnType<LogRecord<F>['decodeFramed']>['value'] : never
type Registration = ValueOf<typeof registerBrokerRecord>

/** In the order in which Kafka's snapshots have them. */
const keptKinds = ['quota', 'acl', 'scram', 'token', 'migration'] as const
type KeptKind = (typeof keptKinds)[number]

/**
 * What the image of the cluster does not hold to its last field: registrations with their features, and records
 * that this broker does not act upon, such as credentials, which stay as the bytes that they came in.
 */
export class KeptRecords {
  readonly brokers = new Map<number, Registration>()
  readonly controllers = new Map<number, Buffer>()
  readonly #quorum = new Map<QuorumRecord['type'], Buffer>()
  readonly #bytes = new Map<KeptKind, Map<string, Buffer>>(keptKinds.map((kind) => [kind, new Map()]))
  readonly #replays: ReadonlyMap<number, (value: Buffer) => void> = new Map([
    ...this.#registrations(),
    ...this.#credentials(),
    ...this.#quotas(),
    replaying(zkMigrationStateRecord, (_, value) => {
      this.#of('migration').set('', Buffer.from(value))
    }),
  ])

  /** Runs for each record that counts; the bytes are borrowed. */
  replay(type: number, value: Buffer): void {
    this.#replays.get(type)?.(value)
  }

  /** A control batch: of a quorum that keeps its voters in its log, they and its version. */
  replayControl(batch: RecordBatch): void {
    const cursor = openRecords(batch)
    while (cursor.next()) {
      const { type } = parseControlRecordKey(cursor.key)
      if (type !== 'KRAFT_VERSION' && type !== 'KRAFT_VOTERS') continue
      this.#quorum.set(type, Buffer.from(cursor.value ?? Buffer.alloc(0)))
    }
  }

  /** The version first. */
  quorum(): QuorumRecord[] {
    const types = ['KRAFT_VERSION', 'KRAFT_VOTERS'] as const
    return types.flatMap((type) => {
      const value = this.#quorum.get(type)
      return value === undefined ? [] : [{ type, value }]
    })
  }

  /** Whether its controller was last registered by this program: it has no endpoint, Kafka's has one. */
  isOfKtool(nodeId: number): boolean {
    const value = this.controllers.get(nodeId)
    return value !== undefined && registerControllerRecord.decodeFramed(value).value.endPoints.length === 0
  }

  ofKind(kind: KeptKind): Buffer[] {
    return [...this.#of(kind).values()]
  }

  /** As the bytes that it came in: what could be used to log in stands nowhere else. */
  scram(name: string, mechanism: number): Buffer | undefined {
    return this.#of('scram').get(user({ name, mechanism }))
  }

  #of(kind: KeptKind): Map<string, Buffer> {
    return this.#bytes.get(kind) ?? new Map()
  }

  #registrations(): [number, (value: Buffer) => void][] {
    return [
      replaying(registerBrokerRecord, (_, value) => {
        // Tagged fields of a later Kafka are cut out of the bytes, and these are borrowed.
        const { value: said } = registerBrokerRecord.decodeFramed(Buffer.from(value))
        this.brokers.set(said.brokerId, said)
      }),
      replaying(unregisterBrokerRecord, ({ brokerId }) => void this.brokers.delete(brokerId)),
      replaying(fenceBrokerRecord, ({ id }) => this.#alter(id, { fenced: true })),
      replaying(unfenceBrokerRecord, ({ id }) => this.#alter(id, { fenced: false })),
      replaying(brokerRegistrationChangeRecord, (said) => this.#alter(said.brokerId, changeOf(said))),
      replaying(registerControllerRecord, ({ controllerId }, value) => {
        this.controllers.set(controllerId, Buffer.from(value))
      }),
    ]
  }

  #credentials(): [number, (value: Buffer) => void][] {
    const acls = this.#of('acl')
    const scram = this.#of('scram')
    const tokens = this.#of('token')
    return [
      replaying(accessControlEntryRecord, ({ id }, value) => void acls.set(id, Buffer.from(value))),
      replaying(removeAccessControlEntryRecord, ({ id }) => void acls.delete(id)),
      replaying(userScramCredentialRecord, (said, value) => void scram.set(user(said), Buffer.from(value))),
      replaying(removeUserScramCredentialRecord, (said) => void scram.delete(user(said))),
      replaying(delegationTokenRecord, ({ tokenId }, value) => void tokens.set(tokenId, Buffer.from(value))),
      replaying(removeDelegationTokenRecord, ({ tokenId }) => void tokens.delete(tokenId)),
    ]
  }

  #quotas(): [number, (value: Buffer) => void][] {
    const quotas = this.#of('quota')
    return [
      replaying(clientQuotaRecord, ({ entity, key, remove }, value) => {
        const names = entity.map(({ entityType, entityName }) => [entityType, entityName])
        const id = JSON.stringify([names.sort(([a = ''], [b = '']) => ((a ?? '') < (b ?? '') ? -1 : 1)), key])
        if (remove) quotas.delete(id)
        else quotas.set(id, Buffer.from(value))
      }),
    ]
  }

  #alter(id: number, change: Partial<Registration>): void {
    const before = this.brokers.get(id)
    if (before !== undefined) this.brokers.set(id, { ...before, ...change })
  }
}

function replaying<R extends LogRecord>(
  record: R,
  apply: (said: ValueOf<R>, value: Buffer) => void,
): [number, (value: Buffer) => void] {
  return [record.key ?? -1, (value) => apply(record.decodeFramed(value).value as ValueOf<R>, value)]
}

function user({ name, mechanism }: { name: string; mechanism: number }): string {
  return `${mechanism} ${name}`
}

/** 1 turns it on, −1 off, 0 leaves it. */
function changeOf(said: ValueOf<typeof brokerRegistrationChangeRecord>): Partial<Registration> {
  return {
    ...(said.fenced === 0 ? {} : { fenced: said.fenced === 1 }),
    ...(said.inControlledShutdown === 0 ? {} : { inControlledShutdown: said.inControlledShutdown === 1 }),
    ...(said.logDirs.length === 0 ? {} : { logDirs: said.logDirs }),
    ...(said.cordonedLogDirs === null ? {} : { cordonedLogDirs: said.cordonedLogDirs }),
  }
}
