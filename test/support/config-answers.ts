import type { Api } from '../../src/lib/protocol/api.ts'
import type { Fields } from '../../src/lib/schema/field.ts'
import { Connection } from '../conformance/wire/connection.ts'
import { type ConfigQuestion, configQuestions } from './config-questions.ts'

export interface ConfigAnswer {
  readonly title: string
  readonly answer: unknown
}

/** Of one machine and one start. */
const ofTheRun = new Set([
  'listeners',
  'advertised.listeners',
  'listener.security.protocol.map',
  'log.dirs',
  'controller.quorum.voters',
  'controller.listener.names',
])

/** Puts all questions to a broker, one after the other. */
export async function askAboutConfigs(
  port: number,
  settled: (ask: () => Promise<unknown>, question: ConfigQuestion, at: number) => Promise<unknown> = (ask) =>
    ask(),
): Promise<readonly ConfigAnswer[]> {
  const connection = await Connection.open(port)
  const answers: ConfigAnswer[] = []
  for (const [at, question] of configQuestions().entries()) {
    const { title, api, version, body } = question
    const ask = async () => comparable(await connection.ask(api as Api<Fields, Fields>, version, body))
    answers.push({ title, answer: await settled(ask, question, at) })
  }
  connection.close()
  return answers
}

/** Settings in Java's order of a hash, what Kafka says of them in its own words, and new ids are left out. */
function comparable(answer: unknown): unknown {
  const text = JSON.stringify(answer, (name, value: unknown) => {
    if (name === 'topicId' || name === 'documentation') return undefined
    if (typeof value === 'bigint') return String(value)
    return name === 'configs' && Array.isArray(value) ? sorted(value as { name: string }[]) : value
  })
  return JSON.parse(text)
}

function sorted(configs: readonly { readonly name: string }[]): unknown {
  return configs
    .filter(({ name }) => !ofTheRun.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
