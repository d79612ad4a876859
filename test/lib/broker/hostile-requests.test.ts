import { describe, expect, it } from 'vitest'
import { handlers } from '../../../src/lib/broker/apis/handlers.ts'
import { requestHeader } from '../../../src/lib/protocol/headers.ts'
import { randomDraw, seedOfRun } from '../../random.ts'
import { brokerInProcess } from '../../support/broker-in-process.ts'
import { RawClient } from '../../support/raw-client.ts'

const seed = seedOfRun()
const ROUNDS = 1

/** A request of some version of some API that is right in its form and makes no sense, or is cut or damaged. */
function* requests(draw: () => number): Generator<{ name: string; bytes: Buffer }> {
  for (const { api } of handlers) {
    const { min, max } = api.served() ?? { min: 0, max: -1 }
    for (let version = min; version <= max; version++) {
      const header = {
        requestApiKey: api.key,
        requestApiVersion: version,
        correlationId: 1,
        clientId: 'hostile',
      }
      const body = api.request.codec(version)
      const bytes = Buffer.concat([
        requestHeader.encode(header, api.requestHeaderVersion(version)),
        api.request.encode(body.random(draw), version),
      ])
      const name = `${api.name} v${version}`
      yield { name, bytes }
      const cut = bytes.subarray(0, Math.floor(draw() * bytes.length))
      yield { name: `${name}, cut`, bytes: cut }
      const damaged = Buffer.from(bytes)
      damaged[Math.floor(8 + draw() * (damaged.length - 8))] = Math.floor(draw() * 256)
      yield { name: `${name}, damaged`, bytes: damaged }
    }
  }
}

describe('a broker', () => {
  it(`answers or closes whatever it is asked, and is well afterwards, seed ${seed}`, async () => {
    const draw = randomDraw(seed)
    await using running = await brokerInProcess({ topics: [{ name: 'topic', partitions: 1 }] })
    let client = await RawClient.open(running.port)
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, bytes } of requests(draw)) {
        const outcome = await client.outcome(bytes)
        if (outcome !== 'answer') {
          client.close()
          client = await RawClient.open(running.port)
        }
        const bugs = running.lines.filter((line) => line.startsWith('error '))
        expect(bugs.map((line) => `${name}: ${bytes.toString('hex')}: ${line}`)).toEqual([])
      }
    }
    client.close()
  })
})
