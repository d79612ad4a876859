import { exactRules } from '../../../replay/rules.ts'
import { describeProbes } from './describe-probes.ts'

/** How far the metadata log goes: Kafka writes into it twice a second, whether there is something to say or not. */
const rules = {
  ...exactRules,
  isLoose: (path: string, name: string) =>
    exactRules.isLoose(path, name) ||
    name === 'highWatermark' ||
    name === 'logEndOffset' ||
    name.endsWith('Timestamp'),
}

describeProbes(
  'what admins ask of topics and the cluster is answered as Apache Kafka did',
  'broker/admin-probes.ndjson.gz',
  rules,
)
