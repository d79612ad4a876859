import { expect, it } from 'vitest'
import { inJavaMapOrder, topicPartitionHash } from '../../../src/lib/broker/java-map-order.ts'
import { javaHash } from '../../../src/lib/bytes/java-hash.ts'

/** What Java 17 printed of a HashMap that these were put into. */
it.each([
  ['range roundrobin sticky cooperative-sticky', 'sticky range roundrobin cooperative-sticky'],
  [
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen',
    'nine fifteen six one seven two three thirteen eight fourteen four twelve eleven ten five',
  ],
])('goes through %s as a HashMap does', (put, printed) => {
  expect(inJavaMapOrder(put.split(' '), javaHash)).toEqual(printed.split(' '))
})

it('puts partitions in the order in which Kafka told of a transaction', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
  const places = [
    ...numbers(12).map((partition) => ({ topic: 'orders6914', partition })),
    ...numbers(3).map((partition) => ({ topic: 'payments6914', partition })),
  ]
  const found = inJavaMapOrder(places, ({ topic, partition }) => topicPartitionHash(topic, partition))
  const of = (name: string) => found.filter(({ topic }) => topic === name).map(({ partition }) => partition)
  expect(of('orders6914')).toEqual([10, 9, 11, 6, 5, 8, 7, 2, 1, 4, 3, 0])
  expect(of('payments6914')).toEqual([0, 2, 1])
  expect(found[0]?.topic).toBe('payments6914')
})
