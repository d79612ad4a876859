/** A file that a tool is pointed at; in a call `FILES` stands for the folder of all of them. */
export const files: Readonly<Record<string, unknown>> = {
  'nothing.properties': '',
  'move.json': partitions({ topic: 'console', partition: 0, replicas: [1] }),
  'move-elsewhere.json': partitions({ topic: 'console', partition: 0, replicas: [9] }),
  'move-to-dir.json': partitions({ topic: 'console', partition: 0, replicas: [1], log_dirs: ['/nowhere'] }),
  'topics.json': { version: 1, topics: [{ topic: 'console' }] },
  'no-topics.json': { version: 1, topics: [{ topic: 'console-none' }] },
  'trim.json': partitions({ topic: 'console', partition: 0, offset: 0 }),
  'trim-beyond.json': partitions({ topic: 'console', partition: 1, offset: 99 }),
  'elect.json': { partitions: [{ topic: 'console', partition: 0 }] },
  'elect-nobody.json': {
    partitions: [
      { topic: 'console', partition: 9 },
      { topic: 'console-none', partition: 0 },
    ],
  },
}

function partitions(...all: readonly object[]): object {
  return { version: 1, partitions: all }
}

/** Calls of Kafka's tools, good and bad, in their order; each is put to both brokers. */
export const calls: Readonly<Record<string, string>> = {
  topics: `
    topics --create --topic console --partitions 2
    topics --create --topic console --partitions 2
    topics --create --if-not-exists --topic console
    topics --create --topic console-bad --partitions 0
    topics --create --topic console-bad --replication-factor 3
    topics --create --topic console-bad --config no.such=1
    topics --create --topic console-bad --replica-assignment 7
    topics --create --topic bad/name
    topics --describe --topic console-none
    topics --describe --topic console --under-replicated-partitions
    topics --alter --topic console --partitions 1
    topics --alter --topic console-none --partitions 3
    topics --delete --topic console-none`,
  'client-metrics': `
    client-metrics --alter --name console --interval 1000 --metrics org.apache.kafka. --match client_id=a
    client-metrics --describe --name console
    client-metrics --list
    client-metrics --alter --name console --interval 1
    client-metrics --alter --name console --match nonsense=1
    client-metrics --alter --name console --match client_id=[
    client-metrics --delete --name console
    client-metrics --delete --name console
    client-metrics --describe --name console
    configs --alter --entity-type client-metrics --entity-name console --add-config interval.ms=2000,metrics=[a,b]
    configs --describe --entity-type client-metrics --entity-name console
    configs --alter --entity-type client-metrics --entity-name console --add-config interval.ms=99
    configs --alter --entity-type client-metrics --entity-name console --add-config nonsense=99
    configs --alter --entity-type client-metrics --entity-name console --delete-config interval.ms,metrics`,
  quotas: `
    configs --alter --entity-type users --entity-name console --add-config producer_byte_rate=1000,consumer_byte_rate=2000
    configs --alter --entity-type users --entity-name console --entity-type clients --entity-name c --add-config request_percentage=50
    configs --alter --entity-type users --entity-default --add-config controller_mutation_rate=50000
    configs --alter --entity-type clients --entity-default --add-config producer_byte_rate=5000000000
    configs --alter --entity-type ips --entity-name 127.0.0.77 --add-config connection_creation_rate=77
    configs --alter --entity-type ips --entity-name nowhere.invalid --add-config connection_creation_rate=77
    configs --alter --entity-type ips --entity-name 127.0.0.77 --add-config producer_byte_rate=77
    configs --alter --entity-type ips --entity-default --add-config connection_creation_rate=7700
    configs --alter --entity-type users --entity-name console --add-config nonsense=1
    configs --alter --entity-type users --entity-name console --add-config producer_byte_rate=-1
    configs --alter --entity-type users --entity-name console --add-config producer_byte_rate=x
    configs --alter --entity-type users --entity-name console --add-config producer_byte_rate=1.5
    configs --alter --entity-type users --entity-name console --add-config request_percentage=0.5
    configs --alter --entity-type ips --entity-name 127.0.0.77 --add-config connection_creation_rate=1.5
    configs --describe --entity-type users --entity-name console
    configs --describe --entity-type users --entity-name console --entity-type clients
    configs --describe --entity-type users --entity-default
    configs --describe --entity-type clients
    configs --describe --entity-type ips
    configs --alter --entity-type users --entity-name console --delete-config producer_byte_rate,consumer_byte_rate,request_percentage
    configs --alter --entity-type users --entity-name console --entity-type clients --entity-name c --delete-config request_percentage
    configs --alter --entity-type users --entity-default --delete-config controller_mutation_rate
    configs --alter --entity-type clients --entity-default --delete-config producer_byte_rate
    configs --alter --entity-type ips --entity-name 127.0.0.77 --delete-config connection_creation_rate
    configs --alter --entity-type ips --entity-default --delete-config connection_creation_rate
    configs --alter --entity-type users --entity-name console --delete-config producer_byte_rate`,
  'limits of connections': `
    configs --alter --entity-type brokers --entity-name 1 --add-config max.connections=0
    configs --alter --entity-type brokers --entity-default --add-config max.connections=-1
    configs --alter --entity-type brokers --entity-name 1 --add-config max.connection.creation.rate=0
    configs --alter --entity-type brokers --entity-name 1 --add-config listener.name.plaintext.max.connections=0
    configs --alter --entity-type brokers --entity-name 1 --add-config max.connections.per.ip=0
    configs --alter --entity-type brokers --entity-name 1 --add-config max.connections.per.ip=x
    configs --alter --entity-type brokers --entity-default --add-config max.connections=5000,listener.name.plaintext.max.connections=4000
    configs --describe --entity-type brokers --entity-default
    configs --alter --entity-type brokers --entity-default --delete-config max.connections,listener.name.plaintext.max.connections`,
  'the cluster': `
    cluster list-endpoints
    cluster list-endpoints --include-fenced-brokers
    cluster unregister --id 77
    metadata-quorum describe --status
    metadata-quorum describe --replication
    metadata-quorum remove-controller --controller-id 7 --controller-directory-id AAAAAAAAAAEAAAAAAAAAAg
    metadata-quorum remove-controller --controller-id 7 --controller-directory-id AAAAAAAAAAEAAAAAAAAAAg --dry-run
    broker-api-versions
    log-dirs --describe --topic-list console
    log-dirs --describe --broker-list 9 --topic-list console
    log-dirs --describe --topic-list console-none`,
  features: `
    features describe
    features upgrade --feature group.version=2 --dry-run
    features upgrade --feature no.such=1 --dry-run
    features upgrade --release-version 4.3 --dry-run
    features upgrade --metadata 4.4 --dry-run
    features upgrade --feature share.version=1
    features downgrade --feature share.version=0 --dry-run
    features downgrade --feature metadata.version=4.0-IV1 --dry-run
    features downgrade --feature metadata.version=29 --dry-run
    features downgrade --feature metadata.version=29 --unsafe --dry-run
    features downgrade --release-version 4.2 --dry-run
    features downgrade --feature kraft.version=0 --dry-run
    features disable --feature share.version --dry-run
    features disable --feature no.such --dry-run
    features upgrade --feature transaction.version=3 --dry-run
    features downgrade --feature streams.version=0 --feature group.version=0 --dry-run
    features upgrade --feature streams.version=9 --feature group.version=9 --dry-run
    features version-mapping --release-version 4.0
    features feature-dependencies --feature transaction.version=2 --feature group.version=1`,
  'leaders and moves': `
    leader-election --election-type preferred --topic console --partition 0
    leader-election --election-type unclean --topic console --partition 0
    leader-election --election-type preferred --topic console --partition 9
    leader-election --election-type preferred --topic console-none --partition 0
    leader-election --election-type preferred --path-to-json-file FILES/elect.json
    leader-election --election-type unclean --path-to-json-file FILES/elect-nobody.json
    reassign-partitions --generate --topics-to-move-json-file FILES/topics.json --broker-list 1
    reassign-partitions --generate --topics-to-move-json-file FILES/topics.json --broker-list 9
    reassign-partitions --generate --topics-to-move-json-file FILES/no-topics.json --broker-list 1
    reassign-partitions --execute --reassignment-json-file FILES/move.json
    reassign-partitions --verify --reassignment-json-file FILES/move.json
    reassign-partitions --execute --reassignment-json-file FILES/move-elsewhere.json
    reassign-partitions --execute --reassignment-json-file FILES/move-to-dir.json --timeout 1000
    reassign-partitions --execute --reassignment-json-file FILES/move.json --throttle 1000
    reassign-partitions --verify --reassignment-json-file FILES/move.json --preserve-throttles
    reassign-partitions --verify --reassignment-json-file FILES/move.json
    reassign-partitions --cancel --reassignment-json-file FILES/move.json
    reassign-partitions --list`,
  'offsets and records': `
    get-offsets --topic console
    get-offsets --topic console --time -2
    get-offsets --topic console --time -3
    get-offsets --topic console --time -4
    get-offsets --topic console --time -5
    get-offsets --topic console --time -6
    get-offsets --topic console --time 1000
    get-offsets --topic-partitions console:0-1
    get-offsets --topic console-none
    delete-records --offset-json-file FILES/trim.json
    delete-records --offset-json-file FILES/trim-beyond.json
    replica-verification --time -1 --topics-include console`,
  transactions: `
    transactions list --transactional-id-pattern console.*
    transactions list --transactional-id-pattern [
    transactions list --transactional-id-pattern console.* --duration-filter 86400000
    transactions describe --transactional-id console-open
    transactions describe --transactional-id console-none
    transactions describe-producers --topic console --partition 0
    transactions describe-producers --topic console --partition 0 --broker-id 1
    transactions find-hanging --topic console
    transactions find-hanging --topic console-none
    transactions find-hanging --topic console --max-transaction-timeout 0
    transactions abort --topic console --partition 1 --start-offset 0
    transactions abort --topic console --partition 1 --producer-id 77 --producer-epoch 0 --coordinator-epoch 0
    transactions forceTerminateTransaction --transactionalId console-open
    transactions forceTerminateTransaction --transactionalId console-none
    transactions describe --transactional-id console-open`,
  'delegation tokens and ACLs, which there are none of': `
    delegation-tokens --create --max-life-time-period -1 --command-config FILES/nothing.properties
    delegation-tokens --describe --command-config FILES/nothing.properties
    delegation-tokens --renew --renew-time-period -1 --hmac AAAA --command-config FILES/nothing.properties
    delegation-tokens --expire --expiry-time-period -1 --hmac AAAA --command-config FILES/nothing.properties
    acls --list
    acls --add --allow-principal User:console --operation Read --topic console`,
  groups: `
    groups --list --group-type nonsense
    consumer-groups --describe --group console-none
    consumer-groups --delete --group console-none
    consumer-groups --reset-offsets --group console-group --topic console --to-earliest --execute
    groups --list --consumer
    consumer-groups --describe --group console-group
    consumer-groups --describe --group console-group --state
    consumer-groups --describe --group console-group --members
    consumer-groups --delete-offsets --group console-group --topic console
    consumer-groups --delete-offsets --group console-group --topic console-none
    consumer-groups --validate-regex console.*
    consumer-groups --delete --group console-group
    share-groups --describe --group console-none
    share-groups --delete --group console-none
    share-groups --reset-offsets --group console-sharing --topic console --to-earliest --execute
    share-groups --describe --group console-sharing
    share-groups --delete-offsets --group console-sharing --topic console
    share-groups --delete-offsets --group console-sharing --topic console-none
    share-groups --delete --group console-sharing
    topics --delete --topic console`,
}

/** Those who want the address first, since what follows is a command with arguments of its own. */
export const addressFirst: readonly string[] = ['metadata-quorum', 'features', 'transactions']
