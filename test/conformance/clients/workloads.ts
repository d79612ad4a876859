import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { java } from '../kafka/java.ts'
import { goClients, nodeClients, pythonWithClients } from './installed.ts'

const run = promisify(execFile)
const pythonSources = fileURLToPath(new URL('python/', import.meta.url))

export async function installClients(): Promise<void> {
  await Promise.all([pythonWithClients(), goClients(), nodeClients()])
}

/**
 * Each makes two topics, produces 300 records, has two members of a group share and commit them, commits ten
 * records in two transactions and aborts five in a third, reads what was committed, and deletes the topics.
 */
export const everything = {
  created: 3,
  retentionMs: 86_400_000,
  produced: 300,
  consumed: 300,
  shared: true,
  committed: 300,
  transactions: [10, 0],
  deleted: true,
}

type Client = (bootstrap: string, prefix: string, ...protocol: 'consumer'[]) => Promise<unknown>

export const clients: Readonly<Record<string, Client>> = {
  'the Java client': async (...args) => said(await java('ClientWorkload', args)),
  'librdkafka, by confluent-kafka': (...args) => python('confluent.py', args),
  aiokafka: (...args) => python('aio.py', args),
  'kafka-python': (...args) => python('kafka_python.py', args),
  kafkajs: (...args) => node('kafkajs.mjs', args),
  '@platformatic/kafka': (...args) => node('platformatic.mjs', args),
  'franz-go': (...args) => go('franz', args),
  sarama: (...args) => go('sarama', args),
}

async function python(file: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(await pythonWithClients(), [pythonSources + file, ...args])
  return said(stdout)
}

async function node(file: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [`${await nodeClients()}/${file}`, ...args])
  return said(stdout)
}

export async function go(program: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(`${await goClients()}/${program}`, [...args])
  return said(stdout)
}

export function said(stdout: string): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** Of names that nobody else has. */
export function prefix(): string {
  return `clients-${Math.random().toString(36).slice(2, 10)}`
}
