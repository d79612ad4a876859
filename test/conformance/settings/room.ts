import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runLive } from '../../support/run-live.ts'
import { freePorts } from '../kafka/start.ts'
import { type OwnKafka, startOwnKafka } from '../kafka/start-own.ts'
import { KafkaTools, type ToolName, type ToolRun } from '../kafka/tools.ts'

export type Row = Readonly<Record<string, unknown>>

export interface Answer {
  readonly status: number | null
  readonly items: readonly Row[]
  /** Of a command that has no rows. */
  readonly single: Row
  readonly errors: readonly { readonly item: string; readonly code: string; readonly message: string }[]
  readonly stderr: string
}

const modules = 'org.apache.kafka.common.security'
const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/** One Kafka with an authorizer and a listener for SCRAM users, its own tools in one JVM beside it, and ktool. */
export class SettingsRoom {
  readonly kafka: OwnKafka
  readonly #peoplePort: number
  readonly #tools = new KafkaTools()
  readonly #folder = mkdtempSync(join(tmpdir(), 'ktool-settings-'))

  private constructor(kafka: OwnKafka, peoplePort: number) {
    this.kafka = kafka
    this.#peoplePort = peoplePort
  }

  static async open(): Promise<SettingsRoom> {
    const { sasl } = await freePorts()
    const kafka = await startOwnKafka('live-settings', {
      listeners: [{ name: 'PEOPLE', port: sasl, protocol: 'SASL_PLAINTEXT' }],
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
        'listener.name.people.sasl.enabled.mechanisms': mechanisms.join(','),
        ...Object.fromEntries(
          mechanisms.map((each) => [
            `listener.name.people.${each.toLowerCase()}.sasl.jaas.config`,
            `${modules}.scram.ScramLoginModule required;`,
          ]),
        ),
      },
    })
    return new SettingsRoom(kafka, sasl)
  }

  async close(): Promise<void> {
    await this.#tools.stop()
    await this.kafka.stop()
    this.kafka.remove()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Where nobody has to say who he is, and may do everything. */
  get bootstrap(): string {
    return `127.0.0.1:${this.kafka.port}`
  }

  /** Where users log in. */
  get peopleBootstrap(): string {
    return `127.0.0.1:${this.#peoplePort}`
  }

  file(name: string, text: string): string {
    const path = join(this.#folder, name)
    writeFileSync(path, text)
    return path
  }

  /** A client.properties by which both tools log in. */
  login(user: string, mechanism: string, password: string): string {
    const secret = password
      .replaceAll('\\', '\\\\\\\\')
      .replace(/[^ -~]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
    const jaas = `${modules}.scram.ScramLoginModule required username="${user}" password="${secret}";`
    return this.file(
      'login.properties',
      `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=${mechanism}\nsasl.jaas.config=${jaas}\n`,
    )
  }

  /** What Kafka's own tool prints, which ends well. */
  async theirs(tool: ToolName, ...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.theirRun(tool, ...args)
    expect({ tool, args, status, stderr: status === 0 ? '' : stdout + stderr }).toEqual({
      ...{ tool, args, status: 0, stderr: '' },
    })
    return stdout
  }

  /** The same for one that changes something, once it is to be seen. */
  async theyDo(tool: ToolName, ...args: string[]): Promise<void> {
    await this.theirs(tool, ...args)
    await this.settled()
  }

  /**
   * A broker hears of changes after the controller, and in their order: of a second one that is seen there, it has
   * done with all that came before the first.
   */
  async settled(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      this.#fence += 1
      await this.done('configs', 'set', 'client-metrics', 'fence', `interval.ms=${this.#fence}`)
    }
  }

  #fence = 1000

  theirRun(tool: ToolName, ...args: string[]): Promise<ToolRun> {
    const at = ['--bootstrap-server', this.bootstrap]
    // Of those with subcommands one alone wants it after that.
    return this.#tools.run(tool, tool === 'cluster' ? [...args, ...at] : [...at, ...args])
  }

  theirRunAs(loginFile: string, tool: ToolName, ...args: string[]): Promise<ToolRun> {
    const at = ['--bootstrap-server', this.peopleBootstrap, '--command-config', loginFile]
    return this.#tools.run(tool, [...at, ...args])
  }

  /** A SCRAM user, or a new password of one, once he can log in with it. */
  async newUser(user: string, mechanism: string, password: string, ...flags: string[]): Promise<void> {
    this.#password = password
    await this.done(
      'users',
      'set',
      user,
      '--mechanism',
      mechanism,
      '--password',
      'env:NEW_PASSWORD',
      ...flags,
    )
    await this.settled()
  }

  /** The rows of ktool, which ends well. */
  async rows(...args: string[]): Promise<readonly Row[]> {
    const { status, items, errors } = await this.ours(...args)
    expect({ args, status, errors }).toEqual({ args, status: 0, errors: [] })
    return items
  }

  /** The rows of a change, each of which was made. */
  async done(...args: string[]): Promise<readonly Row[]> {
    const rows = await this.rows(...args, '--yes')
    expect(rows.map(({ item, status }) => [item, status])).toEqual(rows.map(({ item }) => [item, 'done']))
    return rows
  }

  ours(...args: string[]): Promise<Answer> {
    return this.oursAt(this.bootstrap, ...args)
  }

  oursAs(loginFile: string, ...args: string[]): Promise<Answer> {
    return this.oursAt(this.peopleBootstrap, ...args, '--command-config', loginFile)
  }

  async oursAt(bootstrap: string, ...args: string[]): Promise<Answer> {
    const [noun = '', verb = '', ...argv] = args
    const environment = { XDG_STATE_HOME: this.#folder, NEW_PASSWORD: this.#password }
    const run = await runLive(`${noun} ${verb}`, bootstrap, [...argv, '-q', '-o', 'json'], { environment })
    const { items = [], errors = [], ...single } = run.stdout === '' ? {} : JSON.parse(run.stdout)
    return { status: run.status, items, single, errors, stderr: run.stderr }
  }

  /** What `--password env:NEW_PASSWORD` finds. */
  #password = ''
}

/** Of a text, the lines that something stands on, in order. */
export function sortedLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort()
}
