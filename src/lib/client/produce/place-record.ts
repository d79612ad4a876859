import { FailedError } from '../../errors.ts'
import type { Spread } from './partitioners.ts'

export function noSuchPartition(partition: number, { count }: Spread): FailedError {
  return new FailedError(
    'partition-not-found',
    `there is no partition ${partition}: the topic has ${count}`,
    {
      hint: `they are counted from 0 to ${count - 1}`,
      details: { partition, partitionCount: count },
    },
  )
}
