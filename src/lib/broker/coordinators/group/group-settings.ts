/** What of the broker's settings group coordination obeys; asked anew each time. */
export interface GroupSettings {
  readonly minSessionTimeoutMs: number
  readonly maxSessionTimeoutMs: number
  readonly maxSize: number
  readonly initialRebalanceDelayMs: number
  readonly offsetMetadataMaxBytes: number
  readonly offsetsRetentionMs: number
}

const MS_PER_MINUTE = 60_000

interface Configs {
  int(name: string): number
}

export function groupSettings(configs: Configs): GroupSettings {
  return {
    get minSessionTimeoutMs() {
      return configs.int('group.min.session.timeout.ms')
    },
    get maxSessionTimeoutMs() {
      return configs.int('group.max.session.timeout.ms')
    },
    get maxSize() {
      return configs.int('group.max.size')
    },
    get initialRebalanceDelayMs() {
      return configs.int('group.initial.rebalance.delay.ms')
    },
    get offsetMetadataMaxBytes() {
      return configs.int('offset.metadata.max.bytes')
    },
    get offsetsRetentionMs() {
      return configs.int('offsets.retention.minutes') * MS_PER_MINUTE
    },
  }
}
