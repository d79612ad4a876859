import { UsageError } from '../errors.ts'
import { boolean, custom, duration, integer, option, string } from './flags.ts'

const many = { multiple: true, multipleNonGreedy: true } as const

/** Which requests a rule concerns. */
const filterFlags = {
  api: string({
    ...many,
    summary: 'An API by Kafka’s name, such as Produce; all if not said.',
    helpValue: 'NAME',
    helpGroup: 'which requests',
  }),
  'api-version': string({ summary: 'Its versions.', helpValue: '9|3-9', helpGroup: 'which requests' }),
  topic: string({
    ...many,
    summary: 'What is asked about this topic.',
    helpValue: 'NAME',
    helpGroup: 'which requests',
  }),
  partition: integer({
    ...many,
    min: 0,
    summary: 'What is asked about a partition of this number.',
    helpValue: 'N',
    helpGroup: 'which requests',
  }),
  group: string({
    ...many,
    summary: 'What is asked for this group.',
    helpValue: 'ID',
    helpGroup: 'which requests',
  }),
  'transactional-id': string({
    ...many,
    summary: 'What is asked for this transactional id.',
    helpValue: 'ID',
    helpGroup: 'which requests',
  }),
  'client-id': string({
    ...many,
    summary: 'Of clients that call themselves so.',
    helpValue: 'ID',
    helpGroup: 'which requests',
  }),
  listener: string({
    ...many,
    summary: 'Of clients that came by this listener.',
    helpValue: 'NAME',
    helpGroup: 'which requests',
  }),
  principal: string({
    ...many,
    summary: 'Of clients that are this principal.',
    helpValue: 'User:NAME',
    helpGroup: 'which requests',
  }),
}

/** What goes wrong. */
const effectFlags = {
  error: string({
    exclusive: ['disconnect', 'drop'],
    summary: 'The answer has this error, in the field that the API has for it.',
    helpValue: 'NAME',
    helpGroup: 'what goes wrong',
  }),
  latency: duration({ summary: 'The answer is late by so much.', helpGroup: 'what goes wrong' }),
  jitter: duration({
    summary: 'And by up to so much more, drawn by the seed.',
    helpGroup: 'what goes wrong',
  }),
  disconnect: boolean({
    exclusive: ['drop'],
    summary: 'The connection is closed instead of an answer.',
    helpGroup: 'what goes wrong',
  }),
  drop: boolean({
    summary: 'No answer comes, nor to what is sent behind it on this connection.',
    helpGroup: 'what goes wrong',
  }),
  throttle: duration({
    summary: 'The answer says that it was throttled by so much, and the connection is not read for so long.',
    helpGroup: 'what goes wrong',
  }),
  corrupt: option({
    options: ['records', 'frame'] as const,
    summary: 'A bit of each fetched batch is wrong, or the answer breaks off, and the connection with it.',
    helpGroup: 'what goes wrong',
  })(),
  slow: integer({
    min: 1,
    summary: 'The answer leaves with so many bytes per second.',
    helpValue: 'BYTES',
    helpGroup: 'what goes wrong',
  }),
  after: boolean({
    summary:
      'The request is done first: the client hears of an error, a disconnection or nothing all the same.',
    helpGroup: 'what goes wrong',
  }),
}

/** How often it does. */
const turnFlags = {
  times: integer({ min: 1, summary: 'So often, and no more.', helpValue: 'N', helpGroup: 'how often' }),
  skip: integer({ min: 0, summary: 'So many requests pass first.', helpValue: 'N', helpGroup: 'how often' }),
  every: integer({ min: 1, summary: 'Of those behind, each n-th.', helpValue: 'N', helpGroup: 'how often' }),
  probability: custom<number>({
    summary: 'Each with this chance.',
    helpValue: '0.1|10%',
    helpGroup: 'how often',
    parse: async (text) => parseChance(text),
  })(),
  seed: integer({
    min: 0,
    summary: 'Brings the same chances and jitters back; drawn and told if not said.',
    helpValue: 'N',
    helpGroup: 'how often',
  }),
  for: duration({ summary: 'For so long.', helpGroup: 'how often' }),
}

export const faultFlags = { ...filterFlags, ...effectFlags, ...turnFlags }

function parseChance(text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text) ?? []
  const chance = Number(digits) / (percent === '%' ? 100 : 1)
  if (chance >= 0 && chance <= 1) return chance
  throw new UsageError('invalid-probability', `"${text}" is no probability`, {
    hint: 'it is written like 0.1, or 10%',
  })
}
