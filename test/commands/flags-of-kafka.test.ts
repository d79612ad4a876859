import { describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'

describe('who types the flags of Kafka’s scripts', () => {
  it.each([
    ['topics list', '--bootstrap-server', '--bootstrap?'],
    ['lag', '--group', 'ktool lag GROUP, without a flag?'],
    ['topics describe', '--topic', 'ktool topics describe TOPICS, without a flag?'],
    ['offsets get', '--topic', 'ktool offsets get TOPIC, without a flag?'],
    ['consume', '--from-beginning', '--from start?'],
    ['consume', '--max-messages', '--count?'],
    ['produce', '--producer.config', '--command-config?'],
    ['leaders elect', '--path-to-json-file', '--file?'],
    ['topics create', '--partition', '--partitions?'],
  ])('is told what %s has for %s', async (name, flag, meant) => {
    const { status, stderr } = await ktool([...name.split(' '), flag, 'x'])
    expect([status, stderr]).toEqual([2, expect.stringContaining(`did you mean ${meant}`)])
  })

  it('is told of nothing that the command does not have', async () => {
    const { stderr } = await ktool(['topics', 'list', '--group', 'x', '--from-beginning'])
    expect(stderr).not.toContain('did you mean')
  })
})
