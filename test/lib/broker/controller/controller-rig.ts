import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { BrokerConfigs } from '../../../../src/lib/broker/configs/broker-configs.ts'
import type { MetadataSubscriber } from '../../../../src/lib/broker/controller/controller.ts'
import type { LocalController } from '../../../../src/lib/broker/controller/local-controller.ts'
import { openController } from '../../../../src/lib/broker/controller/open-controller.ts'
import { prepareDirectories } from '../../../../src/lib/broker/controller/prepare-directories.ts'
import { FailedError } from '../../../../src/lib/errors.ts'
import { parseMetaProperties } from '../../../../src/lib/log/files/meta-properties.ts'
import { type LogStore, openLogStore } from '../../../../src/lib/log/write/log-store.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { HandClock } from '../../log/write/log-rig.ts'

export const endpoints = [
  { name: 'PLAINTEXT', host: '127.0.0.1', port: 9092, securityProtocol: 'PLAINTEXT' as const },
]

/** A data directory, and controllers that are opened on it one after the other. */
export class ControllerRig {
  readonly path = join(mkdtempSync(join(tmpdir(), 'ktool-controller-')), 'data')
  readonly clock = new HandClock()
  readonly lines: string[] = []
  readonly told: string[] = []
  disk: Disk = systemDisk
  store: LogStore | undefined
  readonly #draw = randomDraw(seedOfRun())

  get dirs() {
    return { logDirs: [this.path], metadataDir: this.path }
  }

  get ports() {
    const draw = this.#draw
    return {
      clock: this.clock,
      disk: this.disk,
      random: {
        bytes: (count: number) => Buffer.from(Array.from({ length: count }, () => Math.floor(draw() * 256))),
        below: (limit: number) => Math.floor(draw() * limit),
      },
      log: { log: (level: string, message: string) => void this.lines.push(`${level} ${message}`) },
      network: { listen: refuse, connect: refuse } as never,
    }
  }

  /** Formatted, and not yet opened. */
  async format(): Promise<void> {
    await prepareDirectories(this.ports, this.dirs)
  }

  directoryId(): string {
    const meta = readFileSync(join(this.path, 'meta.properties'))
    return parseMetaProperties(meta).directoryId ?? ''
  }

  /** Opened, not yet leading. */
  async open(settings: Record<string, string> = {}): Promise<LocalController> {
    const identity = await prepareDirectories(this.ports, this.dirs)
    this.store = await openLogStore(this.ports, this.dirs)
    const configs = new BrokerConfigs(1, new Map(Object.entries(settings)))
    const controller = await openController({
      ports: this.ports,
      identity,
      store: this.store,
      configs,
      checkTopicConfigs: () => {},
      isFlushedOnAck: false,
    })
    controller.subscribe(this.#listener())
    return controller
  }

  async start(settings: Record<string, string> = {}): Promise<LocalController> {
    const controller = await this.open(settings)
    controller.lead(endpoints)
    return controller
  }

  async stop(controller: LocalController): Promise<void> {
    controller.leave()
    await this.store?.close(controller.brokerEpoch)
  }

  /** Whose disk has no room as long as the answer says so. */
  fillable(): { isFull: boolean } {
    const state = { isFull: false }
    this.disk = {
      ...systemDisk,
      openToAppend(path) {
        const file = systemDisk.openToAppend(path)
        const write = file.write.bind(file)
        file.write = (bytes, position) => {
          if (state.isFull) throw new FailedError('disk-full', 'no space left')
          write(bytes, position)
        }
        return file
      },
    }
    return state
  }

  /** Names of files, once a flush of them and of their folder is done. */
  watchFlushes(): string[] {
    const files: string[] = []
    const done: string[] = []
    this.disk = {
      ...systemDisk,
      openToAppend(path) {
        const file = systemDisk.openToAppend(path)
        const flush = file.flush.bind(file)
        file.flush = async () => {
          const size = await flush()
          files.push(basename(path))
          return size
        }
        return file
      },
      async flushFolder(path) {
        await systemDisk.flushFolder(path)
        done.push(...files.splice(0))
      },
    }
    return done
  }

  remove(): void {
    rmSync(join(this.path, '..'), { recursive: true, force: true })
  }

  #listener(): MetadataSubscriber {
    return {
      topicGrown: ({ name, partitions }) => void this.told.push(`grown ${name} ${partitions.size}`),
      topicDeleted: ({ name }) => void this.told.push(`deleted ${name}`),
      configsChanged: (type, name) => void this.told.push(`configs ${type} ${name}`),
    }
  }
}

function refuse(): never {
  throw new Error('no network here')
}

export function wish(name: string, more: { partitions?: number; configs?: Record<string, string> } = {}) {
  return {
    name,
    partitions: more.partitions ?? -1,
    replicationFactor: -1,
    assignments: null,
    configs: new Map(Object.entries(more.configs ?? {})),
  }
}
