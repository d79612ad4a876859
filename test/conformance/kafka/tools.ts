import { type AnsweringJava, startAnsweringJava } from './java.ts'

export interface ToolRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

const classes = {
  acls: 'org.apache.kafka.tools.AclCommand',
  'broker-api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  'client-metrics': 'org.apache.kafka.tools.ClientMetricsCommand',
  cluster: 'org.apache.kafka.tools.ClusterTool',
  configs: 'kafka.admin.ConfigCommand',
  'consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'delegation-tokens': 'org.apache.kafka.tools.DelegationTokenCommand',
  'delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'dump-log': 'org.apache.kafka.tools.DumpLogSegments',
  features: 'org.apache.kafka.tools.FeatureCommand',
  'get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  groups: 'org.apache.kafka.tools.GroupsCommand',
  'leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'replica-verification': 'org.apache.kafka.tools.ReplicaVerificationTool',
  'share-groups': 'org.apache.kafka.tools.consumer.group.ShareGroupCommand',
  'streams-groups': 'org.apache.kafka.tools.streams.StreamsGroupCommand',
  topics: 'org.apache.kafka.tools.TopicCommand',
  transactions: 'org.apache.kafka.tools.TransactionsCommand',
} as const

export type ToolName = keyof typeof classes

/** Kafka's own command-line tools, all in one JVM that stays. */
export class KafkaTools {
  readonly #java: AnsweringJava = startAnsweringJava('KafkaTools')

  /** Runs one, whatever comes of it. */
  async run(name: ToolName, args: readonly string[]): Promise<ToolRun> {
    return JSON.parse(await this.#java.ask(JSON.stringify([classes[name], ...args]))) as ToolRun
  }

  /** What one that succeeds prints. */
  async tell(name: ToolName, args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(name, args)
    if (status !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`)
    return stdout
  }

  stop(): Promise<void> {
    return this.#java.stop()
  }
}
