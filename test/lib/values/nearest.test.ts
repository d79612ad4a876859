import { describe, expect, it } from 'vitest'
import { nearest } from '../../../src/lib/values/nearest.ts'

const names = ['topics', 'groups', 'offsets', 'NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'lag', 'tail']

describe('the names nearest to a mistyped one', () => {
  it.each([
    ['topcis', ['topics']],
    ['topic', ['topics']],
    ['TOPICS', ['topics']],
    ['grups', ['groups']],
    ['lga', ['lag']],
    ['not_leader', ['NOT_LEADER_OR_FOLLOWER']],
    ['LEADER_NOT_AVAILBLE', ['LEADER_NOT_AVAILABLE']],
    ['leader', ['LEADER_NOT_AVAILABLE', 'NOT_LEADER_OR_FOLLOWER']],
    ['zebra', []],
    ['', []],
  ])('for "%s"', (typed, expected) => {
    expect(nearest(typed, names)).toEqual(expected)
  })

  it('stand in order of likeness, and are few', () => {
    const apis = ['DescribeProducers', 'InitProducerId', 'Produce']
    expect(nearest('Produc', apis)).toEqual(['Produce', 'DescribeProducers', 'InitProducerId'])
    expect(nearest('lab', ['lag', 'label', 'tab', 'lob', 'lib', 'zoo'])).toEqual(['label', 'lag', 'lib'])
  })
})
