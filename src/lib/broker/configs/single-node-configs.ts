/** Where Kafka's defaults want three brokers, or seconds of waiting that help nobody at a desk. */
export const singleNodeConfigs: ReadonlyMap<string, string> = new Map([
  ['process.roles', 'broker,controller'],
  ['offsets.topic.replication.factor', '1'],
  ['transaction.state.log.replication.factor', '1'],
  ['transaction.state.log.min.isr', '1'],
  ['share.coordinator.state.topic.replication.factor', '1'],
  ['share.coordinator.state.topic.min.isr', '1'],
  ['group.initial.rebalance.delay.ms', '0'],
])
