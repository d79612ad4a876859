import { type AnsweringJava, startAnsweringJava } from './java.ts'

export interface ToolRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

const classes = {
  acls: 'org.apache.kafka.tools.AclCommand',
  cluster: 'org.apache.kafka.tools.ClusterTool',
  configs: 'kafka.admin.ConfigCommand',
  'delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  features: 'org.apache.kafka.tools.FeatureCommand',
  'get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  topics: 'org.apache.kafka.tools.TopicCommand',
} as const

export type ToolName = keyof typeof classes

/** Kafka's own command-line tools, all in one JVM that stays. */
export class KafkaTools {
  readonly #java: AnsweringJava = startAnsweringJava('KafkaTools')

  /** Runs one, whatever comes of it. */
  async run(name: ToolName, args: readonly string[]): Promise<ToolRun> {
    return JSON.parse(await this.#java.ask(JSON.stringify([classes[name], ...args]))) as ToolRun
  }

  stop(): Promise<void> {
    return this.#java.stop()
  }
}
