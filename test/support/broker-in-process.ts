import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Broker, type BrokerOptions, openBroker } from '../../src/lib/broker/broker.ts'
import { bootstrapFile, formatDirectory } from '../../src/lib/broker/controller/format-directory.ts'
import { snapshotBytes } from '../../src/lib/broker/controller/snapshot-bytes.ts'
import { systemNetwork } from '../../src/lib/network/sockets.ts'
import { type Clock, systemClock } from '../../src/lib/ports/clock.ts'
import type { Disk } from '../../src/lib/ports/disk.ts'
import { systemEventLoop } from '../../src/lib/ports/event-loop.ts'
import { type Random, systemRandom } from '../../src/lib/ports/random.ts'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { featureLevelRecord } from '../../src/lib/protocol/records/cluster-metadata-records.ts'

interface Wish extends Partial<Omit<BrokerOptions, 'settings' | 'dataDirs'>> {
  readonly dataDir?: string
  /** In its place, where there are to be several. */
  readonly dataDirs?: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly disk?: Disk
  readonly random?: Random
  /** Levels that its directory is formatted with, where they are not to be those of today. */
  readonly features?: ReadonlyMap<string, number>
}

/** Tests write records of 1970 too, and half a minute after its start a broker would look for what is too old. */
const KEPT = { 'log.initial.task.delay.ms': '86400000' }

/** A broker in this process, on a free port of this machine. */
export interface BrokerInProcess extends AsyncDisposable {
  readonly broker: Broker
  readonly bootstrap: string
  readonly port: number
  /** What it told its operator. */
  readonly lines: readonly string[]
  /** Stops it, and leaves its directory to the next one. */
  stop(): Promise<void>
}

/** On a directory of its own, which goes with it, unless it is given one. */
export async function brokerInProcess(wish: Wish = {}): Promise<BrokerInProcess> {
  const isOwn = wish.dataDir === undefined && wish.dataDirs === undefined
  const dataDir = wish.dataDir ?? wish.dataDirs?.[0] ?? mkdtempSync(join(tmpdir(), 'ktool-broker-'))
  const lines: string[] = []
  const log = {
    log: (level: string, message: string, facts: Record<string, unknown> = {}) => {
      lines.push(`${level} ${message} ${JSON.stringify(facts)}`)
    },
  }
  const clock = wish.clock ?? systemClock(() => process.hrtime())
  const network = systemNetwork(systemEventLoop())
  const ports = { clock, random: wish.random ?? systemRandom, disk: wish.disk ?? systemDisk, network, log }
  if (wish.features !== undefined) await formatWith(wish.features, dataDir, ports)
  const broker = await openBroker({
    ports,
    flush: 'interval',
    listeners: [{ name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0 }],
    ...wish,
    dataDirs: wish.dataDirs ?? [dataDir],
    settings: new Map(Object.entries({ ...KEPT, ...wish.settings })),
  })
  const { host, port } = broker.endpoints.get('PLAINTEXT') ?? { host: '', port: 0 }
  const stop = () => broker.stop()
  const dispose = async () => {
    await stop()
    if (isOwn) rmSync(dataDir, { recursive: true, force: true })
  }
  return { broker, bootstrap: `${host}:${port}`, port, lines, stop, [Symbol.asyncDispose]: dispose }
}

async function formatWith(
  features: ReadonlyMap<string, number>,
  dataDir: string,
  ports: Parameters<typeof formatDirectory>[1],
): Promise<void> {
  await formatDirectory(dataDir, ports)
  const records = [...features].map(([name, featureLevel]) =>
    featureLevelRecord.encodeFramed({ name, featureLevel }, 0),
  )
  const bytes = snapshotBytes(records, { epoch: 0, lastContainedMs: 0, nowMs: ports.clock.nowMs() })
  writeFileSync(join(dataDir, bootstrapFile), bytes)
}
