import { describe, expect, it } from 'vitest'
import { FaultRules } from '../../../../src/lib/broker/faults/fault-rules.ts'
import { bindListeners } from '../../../../src/lib/broker/server/bind-listeners.ts'
import { Server } from '../../../../src/lib/broker/server/server.ts'
import { ConnectionError } from '../../../../src/lib/errors.ts'
import type { Address, Network } from '../../../../src/lib/ports/network.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { anyConnections, ManualClock } from './server-rig.ts'

/** A machine on which addresses are taken or missing, and free ports count up from 40000. */
function machine(refusals: Readonly<Record<string, string>>) {
  const listening = new Set<string>()
  let free = 40_000
  const listen = async (at: Address) => {
    const address = { host: at.host, port: at.port === 0 ? free++ : at.port }
    const name = `${address.host} ${address.port}`
    const code = refusals[name] ?? refusals[address.host]
    if (code !== undefined) throw new ConnectionError(code, `${name}: ${code}`)
    listening.add(name)
    return { address, close: async () => void listening.delete(name) }
  }
  const network: Network = { connect: () => Promise.reject(new Error('nobody connects')), listen }
  const limits = {
    largestRequestBytes: 1000,
    requestMemoryBytes: 1000,
    answerMemoryBytes: 1000,
    maxIdleMs: 1000,
    connections: anyConnections,
  }
  const clock = new ManualClock()
  const faults = new FaultRules({ clock, random: systemRandom }, [])
  const server = new Server({ clock, network, log: { log: () => {} } }, [], limits, faults)
  return { server, listening }
}

const local = { name: 'PLAINTEXT', hosts: ['127.0.0.1', '::1'], port: 0 }

describe('bindListeners', () => {
  it('listens at all hosts of a listener on one port, and tells clients of the first', async () => {
    const { server, listening } = machine({})
    const { bound, leftOut, endpoints } = await bindListeners(server, [local])
    expect(bound).toEqual([
      { listener: 'PLAINTEXT', host: '127.0.0.1', port: 40_000 },
      { listener: 'PLAINTEXT', host: '::1', port: 40_000 },
    ])
    expect(leftOut).toEqual([])
    expect([...listening]).toEqual(['127.0.0.1 40000', '::1 40000'])
    expect([...endpoints]).toEqual([['PLAINTEXT', { host: '127.0.0.1', port: 40_000 }]])
  })

  it('leaves out an address that the machine does not have', async () => {
    const { server } = machine({ '::1': 'address-not-available' })
    const { bound, leftOut } = await bindListeners(server, [local])
    expect(bound).toEqual([{ listener: 'PLAINTEXT', host: '127.0.0.1', port: 40_000 }])
    expect(leftOut).toEqual([{ listener: 'PLAINTEXT', host: '::1', port: 40_000 }])
  })

  it('does not do without the first address', async () => {
    const { server } = machine({ '127.0.0.1': 'address-not-available' })
    await expect(bindListeners(server, [local])).rejects.toMatchObject({ code: 'address-not-available' })
  })

  it('takes another free port where the next host has that one taken, and lets the first go', async () => {
    const { server, listening } = machine({ '::1 40000': 'address-in-use' })
    const { bound } = await bindListeners(server, [local])
    expect(bound.map(({ port }) => port)).toEqual([40_001, 40_001])
    expect([...listening]).toEqual(['127.0.0.1 40001', '::1 40001'])
  })

  it('refuses a port that was asked for and is taken at any host', async () => {
    const { server } = machine({ '::1 9092': 'address-in-use' })
    await expect(bindListeners(server, [{ ...local, port: 9092 }])).rejects.toMatchObject({
      code: 'address-in-use',
    })
  })

  it('tells clients what is advertised, with the port that was taken where none is named', async () => {
    const { server } = machine({})
    const { endpoints } = await bindListeners(server, [
      { ...local, advertised: { host: 'broker.test', port: 0 } },
      { name: 'PROXIED', hosts: ['127.0.0.1'], port: 0, advertised: { host: 'proxy.test', port: 443 } },
    ])
    expect([...endpoints]).toEqual([
      ['PLAINTEXT', { host: 'broker.test', port: 40_000 }],
      ['PROXIED', { host: 'proxy.test', port: 443 }],
    ])
  })
})
