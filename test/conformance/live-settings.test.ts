import { afterAll, beforeAll, describe } from 'vitest'
import { SettingsRoom } from './settings/room.ts'
import { topicTests } from './settings/topic-tests.ts'

let opened: SettingsRoom

beforeAll(async () => {
  opened = await SettingsRoom.open()
})
afterAll(() => opened?.close())

const room = () => opened

describe('topics, beside kafka-topics, kafka-delete-records and kafka-log-dirs', () => topicTests(room))
