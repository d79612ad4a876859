import { setTimeout } from 'node:timers/promises'
import { Connection, connected } from '../conformance/wire/connection.ts'
import { type BrokerProcess, brokerProcess } from '../support/broker-process.ts'
import type { Workload } from './workload.ts'

interface LoopOptions {
  readonly dataDirs: readonly string[]
  readonly kills: number
  readonly draw: () => number
  readonly settings: Readonly<Record<string, string>>
}

export interface LoopResult {
  readonly kills: number
  /** Steps that were acknowledged, by workload. */
  readonly acked: ReadonlyMap<string, number>
}

/** From the first acknowledgement to the kill. */
const LIFE_MS = { least: 50, most: 400 }

/** Kills the broker under its clients again and again; every start must come by itself, and every journal hold. */
export async function killLoop(workloads: readonly Workload[], options: LoopOptions): Promise<LoopResult> {
  const { dataDirs, settings, draw } = options
  const acked = new Map(workloads.map(({ name }) => [name, 0]))
  const overrides = Object.entries(settings).flatMap(([key, value]) => ['-X', `${key}=${value}`])
  const flags = ['--port=0', ...dataDirs.map((path) => `--data-dir=${path}`), ...overrides]
  let broker = await brokerProcess(...flags)
  try {
    for (const workload of workloads)
      await connected(broker.port, (connection) => workload.prepare(connection))
    for (let kill = 1; kill <= options.kills; kill++) {
      await workUntilKilled(broker, workloads, LIFE_MS.least + draw() * (LIFE_MS.most - LIFE_MS.least), acked)
      broker = await brokerProcess(...flags)
      for (const workload of workloads) {
        await connected(broker.port, (connection) => workload.check(connection)).catch((cause) => {
          throw new Error(`after kill ${kill}, ${workload.name}: ${cause.message}`, { cause })
        })
      }
    }
  } catch (cause) {
    // Or it would outlive the test.
    await broker.end('SIGKILL')
    throw cause
  }
  const status = await broker.end()
  if (status !== 0) throw new Error(`the last stop ended with ${status}`)
  return { kills: options.kills, acked }
}

async function workUntilKilled(
  broker: BrokerProcess,
  workloads: readonly Workload[],
  lifeMs: number,
  acked: Map<string, number>,
): Promise<void> {
  let isKilled = false
  let begin: () => void = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const running = workloads.map(async (workload) => {
    const connection = await Connection.open(broker.port)
    try {
      while (true) {
        await workload.step(connection, () => {
          acked.set(workload.name, (acked.get(workload.name) ?? 0) + 1)
          begin()
        })
      }
    } catch (cause) {
      if (!isKilled) throw new Error(`${workload.name}: ${(cause as Error).message}`, { cause })
    } finally {
      connection.close()
    }
  })
  await Promise.race([begun, Promise.all(running)])
  await setTimeout(lifeMs)
  isKilled = true
  await broker.end('SIGKILL')
  await Promise.all(running)
}
