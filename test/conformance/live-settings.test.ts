import { afterAll, beforeAll, describe } from 'vitest'
import { clusterTests } from './settings/cluster-tests.ts'
import { configTests } from './settings/config-tests.ts'
import { SettingsRoom } from './settings/room.ts'
import { topicTests } from './settings/topic-tests.ts'

let opened: SettingsRoom

beforeAll(async () => {
  opened = await SettingsRoom.open()
})
afterAll(() => opened?.close())

const room = () => opened

describe('topics, beside kafka-topics, kafka-delete-records and kafka-log-dirs', () => topicTests(room))

describe('configs, beside kafka-configs', () => configTests(room))

describe('a cluster, beside kafka-metadata-quorum, kafka-features, kafka-cluster and kafka-log-dirs', () =>
  clusterTests(room))
