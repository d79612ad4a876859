import { expect } from 'vitest'
import { createPartitions } from '../../src/lib/protocol/apis/create-partitions.ts'
import { KtoolProcess } from './ktool-process.ts'
import { LiveWriter } from './live-writer.ts'

const format = ['--format', '%t:%p:%o\\n']

/** What whoever follows topics lives to see, told of any broker. */
export const followStories: Readonly<Record<string, (bootstrap: string, command: string) => Promise<void>>> =
  {
    'sees partitions that are added': async (bootstrap, command) => {
      const topic = `${command}-grows`
      await using writer = new LiveWriter(bootstrap)
      await writer.topic(topic, 1)
      await writer.write(topic, 0, {})
      const reader = new KtoolProcess(command, topic, '-f', '-b', bootstrap, ...format)
      await reader.untilLines(1)
      const more = { name: topic, count: 3, assignments: null }
      await writer.cluster.ask(createPartitions, { topics: [more], timeoutMs: 10_000, validateOnly: false })
      await writer.write(topic, 2, { count: 2 })
      await reader.untilLines(3)
      await writer.write(topic, 0, {})
      await reader.untilLines(4)
      reader.signal('SIGTERM')
      expect(await reader.ended()).toBe(143)
      expect(reader.lines).toEqual([`${topic}:0:0`, `${topic}:2:0`, `${topic}:2:1`, `${topic}:0:1`])
      expect(reader.stderr).toBe('')
    },

    'sees topics that come to match, with --regex': async (bootstrap, command) => {
      await using writer = new LiveWriter(bootstrap)
      const pattern = `${command}-late-[0-9]`
      await writer.topic(`${command}-late-1`)
      await writer.write(`${command}-late-1`, 0, {})
      const reader = new KtoolProcess(command, '--regex', pattern, '-f', '-b', bootstrap, ...format)
      await reader.untilLines(1)
      await writer.topic(`${command}-late-10`)
      await writer.write(`${command}-late-10`, 0, {})
      await writer.topic(`${command}-late-2`)
      await writer.write(`${command}-late-2`, 0, {})
      await reader.untilLines(2)
      reader.signal('SIGTERM')
      expect(await reader.ended()).toBe(143)
      expect(reader.lines).toEqual([`${command}-late-1:0:0`, `${command}-late-2:0:0`])
    },

    'says that a topic was deleted, and goes on when it is made anew': async (bootstrap, command) => {
      const topic = `${command}-anew`
      await using writer = new LiveWriter(bootstrap)
      await writer.topic(topic)
      await writer.write(topic, 0, { count: 3 })
      const reader = new KtoolProcess(command, topic, '-f', '-b', bootstrap, ...format)
      await reader.untilLines(3)
      await writer.remove(topic)
      await reader.untilSaid(/its topic was deleted/)
      await writer.topic(topic)
      await writer.write(topic, 0, { count: 2 })
      await reader.untilLines(5)
      reader.signal('SIGTERM')
      expect(await reader.ended()).toBe(143)
      expect(reader.lines.slice(3)).toEqual([`${topic}:0:0`, `${topic}:0:1`])
    },

    'follows a topic that is made anew at once': async (bootstrap, command) => {
      const topic = `${command}-replaced`
      await using writer = new LiveWriter(bootstrap)
      await writer.topic(topic)
      await writer.write(topic, 0, { count: 2 })
      const reader = new KtoolProcess(command, topic, '-f', '-b', bootstrap, ...format)
      await reader.untilLines(2)
      await writer.remove(topic)
      await writer.topicOnceGone(topic)
      await writer.write(topic, 0, { count: 5 })
      await reader.untilLines(7)
      reader.signal('SIGTERM')
      expect(await reader.ended()).toBe(143)
      expect(reader.lines.slice(2)).toEqual([0, 1, 2, 3, 4].map((offset) => `${topic}:0:${offset}`))
    },
  }
