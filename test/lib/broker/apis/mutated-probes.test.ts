import { describeProbes } from './describe-probes.ts'

describeProbes(
  'what was found by changing requests bit by bit is answered as Apache Kafka did',
  'broker/mutated-probes.ndjson.gz',
)
