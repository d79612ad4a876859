import { join } from 'node:path'
import { replaceFile } from '../../log/write/replace-file.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import { readBootstrap } from './bootstrap.ts'
import type { TopicDefaults } from './controller.ts'
import { featureChanges } from './feature-records.ts'
import { formattedFeatures, formerlyFormatted } from './features.ts'
import { bootstrapFile, bootstrapSnapshot } from './format-directory.ts'
import type { MetadataJournal } from './metadata-journal.ts'

interface Facts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'disk' | 'log'>
  readonly dataDir: string
  readonly nodeId: number
  readonly defaults: Pick<TopicDefaults, 'minInsyncReplicas'>
}

/**
 * A directory that an earlier ktool formatted gets the levels that it would be formatted with today, once: the file
 * that says how it was formatted is written anew, so that levels which somebody lowers later stay low.
 */
export function raiseFormerLevels(facts: Facts, journal: MetadataJournal): void {
  const { ports, dataDir, nodeId, defaults } = facts
  if (!isOfEarlierKtool(facts, journal)) return
  const { state } = journal
  const missing = [...formattedFeatures].filter(([name]) => !state.features.has(name))
  const minInsyncReplicas = defaults.minInsyncReplicas()
  journal.append(featureChanges(new Map(missing), state, { nodeId, minInsyncReplicas }))
  replaceFile(ports.disk, join(dataDir, bootstrapFile), bootstrapSnapshot(ports.clock.nowMs()))
  if (missing.length === 0) return
  const levels = missing.map(([name, level]) => `${name} ${level}`).join(', ')
  ports.log.log('info', `the directory was formatted by an earlier ktool and is upgraded: ${levels}`)
}

/** Its controllers listened nowhere, which one of Kafka's always does. */
function isOfEarlierKtool({ ports, dataDir, nodeId }: Facts, { kept }: MetadataJournal): boolean {
  const features = readBootstrap(ports.disk, dataDir)?.features ?? new Map()
  const isFormer =
    features.size === formerlyFormatted.size &&
    [...formerlyFormatted].every(([name, level]) => features.get(name) === level)
  return isFormer && kept.isOfKtool(nodeId)
}
