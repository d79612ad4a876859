import { expect, it } from 'vitest'
import { inJavaMapOrder } from '../../../../../src/lib/broker/coordinators/group/java-map-order.ts'
import { javaHash } from '../../../../../src/lib/bytes/java-hash.ts'

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
