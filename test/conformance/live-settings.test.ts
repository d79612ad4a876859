import { afterAll, beforeAll, describe } from 'vitest'
import { aclTests } from './settings/acl-tests.ts'
import { clusterTests } from './settings/cluster-tests.ts'
import { configTests } from './settings/config-tests.ts'
import { featureTests } from './settings/feature-tests.ts'
import { quotaTests } from './settings/quota-tests.ts'
import { SettingsRoom } from './settings/room.ts'
import { topicTests } from './settings/topic-tests.ts'
import { userTests } from './settings/user-tests.ts'
import { voterTests } from './settings/voter-tests.ts'

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

describe('features, beside kafka-features', () => featureTests(room))

describe('voters, beside kafka-metadata-quorum', () => voterTests(room))

describe('ACLs, beside kafka-acls and the authorizer', () => aclTests(room))

describe('quotas, beside kafka-configs', () => quotaTests(room))

describe('users, beside kafka-configs and who gets in', () => userTests(room))
