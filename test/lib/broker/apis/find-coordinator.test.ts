import { expect, it } from 'vitest'
import { FailedError } from '../../../../src/lib/errors.ts'
import { findCoordinator } from '../../../../src/lib/protocol/apis/find-coordinator.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { NodeRig } from './node-rig.ts'

const NOT_AVAILABLE = errorCodes.COORDINATOR_NOT_AVAILABLE

it.each([0, 1])(
  'a coordinator of type %s whose topic the disk refuses is not available, and is once there is room',
  async (keyType) => {
    const rig = await NodeRig.open()
    const { controller } = rig.node
    const { createTopic } = controller
    controller.createTopic = () => {
      throw new FailedError('disk-full', 'no space is left')
    }
    const one = { keyType, key: 'billing', coordinatorKeys: [] }
    const several = { keyType, key: '', coordinatorKeys: ['billing', 'shipping'] }
    expect(await rig.ask(findCoordinator, 3, one)).toMatchObject({ errorCode: NOT_AVAILABLE, nodeId: -1 })
    const { coordinators } = await rig.ask(findCoordinator, 4, several)
    expect(coordinators).toMatchObject([
      { key: 'billing', errorCode: NOT_AVAILABLE, nodeId: -1 },
      { key: 'shipping', errorCode: NOT_AVAILABLE, nodeId: -1 },
    ])
    expect(rig.lines).toContainEqual(expect.stringContaining('error'))
    controller.createTopic = createTopic
    expect(await rig.ask(findCoordinator, 3, one)).toMatchObject({ errorCode: 0, nodeId: 1 })
  },
)
