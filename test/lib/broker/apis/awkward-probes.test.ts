import { describeProbes } from './describe-probes.ts'

describeProbes(
  'limits, levels and lengths that make no sense are answered as Apache Kafka did',
  'broker/awkward-probes.ndjson.gz',
)
