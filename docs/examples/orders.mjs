// A program that uses Kafka, as any other: it finds the broker in BOOTSTRAP_SERVERS.
import kafkajs from 'kafkajs'

const { Kafka, logLevel } = kafkajs
const kafka = new Kafka({ brokers: [process.env.BOOTSTRAP_SERVERS], logLevel: logLevel.NOTHING })

const admin = kafka.admin()
await admin.connect()
await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] })
console.log('topics:', (await admin.listTopics()).join(', '))

const producer = kafka.producer({ idempotent: true })
await producer.connect()
const orders = Array.from({ length: 12 }, (_, i) => ({ key: `customer-${i % 4}`, value: `order ${i}` }))
await producer.send({ topic: 'orders', messages: orders })
console.log('produced', orders.length, 'orders')
await producer.disconnect()

// Billing stops for the night after four of them.
const billing = kafka.consumer({ groupId: 'billing' })
await billing.connect()
await billing.subscribe({ topics: ['orders'], fromBeginning: true })
let left = 4
const stopped = new Promise((resolve) => {
  billing.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      if (left === 0) return
      left -= 1
      console.log(`billed ${message.value} for ${message.key}`)
      await billing.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }])
      if (left === 0) resolve()
    },
  })
})
await stopped
await billing.disconnect()
await admin.disconnect()
