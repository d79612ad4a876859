import { describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'

describe('ktool protocol errors', () => {
  it('lists all of them', async () => {
    const { status, stdout, stderr } = await ktool(['protocol', 'errors', '-o', 'json'])
    const { version, items, errors } = JSON.parse(stdout.toString())

    expect({ status, stderr, version, errors }).toEqual({ status: 0, stderr: '', version: 1, errors: [] })
    expect(items).toHaveLength(135)
    expect(items[4]).toEqual({
      code: 3,
      name: 'UNKNOWN_TOPIC_OR_PARTITION',
      retriable: true,
      about: expect.stringMatching(/no such topic/),
      hint: expect.stringMatching(/Check the name/),
      exception: 'UnknownTopicOrPartitionException',
      refreshMetadata: true,
      invalidMetadata: true,
      abortableTransaction: false,
      recoverableByApplication: false,
    })
  })

  it.each([
    '-1',
    'unknown_server_error',
    'UnknownServerException',
    'org.apache.kafka.common.errors.UnknownServerException',
  ])('finds %s', async (text) => {
    const { status, stdout } = await ktool(['protocol', 'errors', text, '-o', 'name'])
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: 'UNKNOWN_SERVER_ERROR\n' })
  })

  it.each([
    ['', '"": Kafka has no error ""'],
    ['1.3', 'Kafka has no error "1.3"'],
  ])('fails for "%s" in words that can be read', async (text, words) => {
    const { status, stderr } = await ktool(['protocol', 'errors', text])
    expect(status).toBe(1)
    expect(stderr).toContain(`Error: ${words}\n`)
  })

  it('fails for what is none, names what may have been meant, and shows the others', async () => {
    const { status, stdout, stderr } = await ktool(['protocol', 'errors', 'NOT_LEADER', '3', '-o', 'tsv'])

    expect(status).toBe(1)
    expect(stdout.toString().split('\n')[1]).toMatch(/^3\tUNKNOWN_TOPIC_OR_PARTITION\t/)
    expect(stderr).toMatch(/^Error: Kafka has no error "NOT_LEADER"\n {2}did you mean NOT_LEADER_OR_FOLLOWER/)
  })
})
