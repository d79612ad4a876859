import type { BrokerState, LogDirState, QuorumReplica, QuorumState, Told } from '../../model/cluster-state.ts'
import type { HealthCheck } from './health-check.ts'
import { named } from './named.ts'

export function brokerChecks(brokers: readonly BrokerState[]): HealthCheck[] {
  const silent = brokers.filter(({ error, isFenced }) => error !== null && isFenced !== true)
  const fenced = brokers.filter(({ isFenced }) => isFenced === true)
  const hasController = brokers.some(({ isController }) => isController)
  return [
    check(
      'brokers that do not answer',
      silent.map(({ id, error }) => `${id}: ${error?.message}`),
    ),
    check(
      'fenced brokers',
      fenced.map(({ id }) => String(id)),
    ),
    // A controller of its own is no broker, and the quorum tells of it.
    ...(hasController || brokers.length === 0 ? [] : [noControllerHere()]),
  ]
}

function noControllerHere(): HealthCheck {
  return { check: 'a broker is the controller', state: 'info', count: null, detail: 'none of them' }
}

/** Followers ask twice a second at least. */
const BEHIND_MS = 10_000

export function quorumChecks({ leader, replicas }: QuorumState): HealthCheck[] {
  const leading = replicas.find(({ role }) => role === 'Leader')
  const behind = (role: QuorumReplica['role']) =>
    replicas.filter((each) => each.role === role && isBehind(each, leading)).map(inWords)
  const isLed = leader >= 0
  return [
    {
      check: 'leader of the metadata quorum',
      state: isLed ? 'ok' : 'trouble',
      count: null,
      detail: isLed ? `node ${leader}` : 'there is none',
    },
    check('controllers behind in the metadata', behind('Follower')),
    check('brokers behind in the metadata', behind('Observer')),
  ]
}

function isBehind({ lag, lastCaughtUpMs }: QuorumReplica, leading: QuorumReplica | undefined): boolean {
  // Of the leader's own clock, which is the one that counts the others.
  const nowMs = leading?.lastCaughtUpMs
  if (lag === null) return true
  if (nowMs === null || nowMs === undefined || lastCaughtUpMs === null) return false
  return Number(nowMs) - Number(lastCaughtUpMs) > BEHIND_MS
}

function inWords({ node, lag }: QuorumReplica): string {
  return lag === null ? `${node} was not heard of` : `${node} by ${lag}`
}

/** A volume with less than this free is told of. */
const LITTLE = 0.1

export function logDirChecks({ rows, failures }: Told<LogDirState>): HealthCheck[] {
  const offline = rows.filter(({ error }) => error !== null)
  const full = rows.filter(({ totalBytes, usableBytes }) => {
    return totalBytes !== null && usableBytes !== null && Number(usableBytes) < LITTLE * Number(totalBytes)
  })
  const fullNames = full.map(placeOf)
  return [
    check('offline log directories', offline.map(placeOf)),
    {
      check: 'volumes with less than 10 % free',
      state: full.length === 0 ? 'ok' : 'info',
      count: full.length,
      detail: named(fullNames),
    },
    ...(failures.length === 0 ? [] : [unasked(failures)]),
  ]
}

function unasked(failures: Told<LogDirState>['failures']): HealthCheck {
  return {
    check: 'brokers that do not tell of their log directories',
    state: failures.every(({ error }) => error.exitCode === 4) ? 'unknown' : 'trouble',
    count: failures.length,
    detail: named(failures.map(({ item, error }) => `${item}: ${error.message}`)),
  }
}

function placeOf({ broker, directory }: LogDirState): string {
  return `${broker}:${directory}`
}

function check(name: string, found: readonly string[]): HealthCheck {
  return {
    check: name,
    state: found.length === 0 ? 'ok' : 'trouble',
    count: found.length,
    detail: named(found),
  }
}
