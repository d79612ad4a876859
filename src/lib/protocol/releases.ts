import { FailedError } from '../errors.ts'
import type { VersionRange } from '../schema/kind.ts'
import { parseVersions } from '../schema/versions.ts'

/** Kafka releases whose brokers were asked, and listeners of theirs that answer differently. */
export const releases = [
  '4.3.1',
  '4.3.1-controller',
  '3.9.1',
  '3.9.1-controller',
  '3.9.1-zookeeper',
  '2.8.2',
  '2.3.1',
] as const

export type Release = (typeof releases)[number]

/**
 * What each release advertises for each API key, as read off the wire from a running broker; `-` where it is absent.
 * Columns stand in the order of `releases`. A release joins the table only after it was asked.
 */
const advertised: Readonly<Record<number, readonly string[]>> = {
  0: ['0-13', '-', '0-11', '-', '0-11', '0-9', '0-7'],
  1: ['4-18', '4-18', '0-17', '0-17', '0-17', '0-12', '0-11'],
  2: ['1-11', '-', '0-9', '-', '0-9', '0-6', '0-5'],
  3: ['0-13', '-', '0-12', '-', '0-12', '0-11', '0-8'],
  4: ['-', '-', '-', '-', '0-7', '0-5', '0-2'],
  5: ['-', '-', '-', '-', '0-4', '0-3', '0-1'],
  6: ['-', '-', '-', '-', '0-8', '0-7', '0-5'],
  7: ['-', '-', '-', '0-3', '0-3', '0-3', '0-2'],
  8: ['2-10', '-', '0-9', '-', '0-9', '0-8', '0-7'],
  9: ['1-10', '-', '0-9', '-', '0-9', '0-7', '0-5'],
  10: ['0-6', '-', '0-6', '-', '0-6', '0-3', '0-2'],
  11: ['0-9', '-', '0-9', '-', '0-9', '0-7', '0-5'],
  12: ['0-4', '-', '0-4', '-', '0-4', '0-4', '0-3'],
  13: ['0-5', '-', '0-5', '-', '0-5', '0-4', '0-2'],
  14: ['0-5', '-', '0-5', '-', '0-5', '0-5', '0-3'],
  15: ['0-6', '-', '0-5', '-', '0-5', '0-5', '0-3'],
  16: ['0-5', '-', '0-5', '-', '0-5', '0-4', '0-2'],
  17: ['0-1', '0-1', '0-1', '0-1', '0-1', '0-1', '0-1'],
  18: ['0-4', '0-4', '0-4', '0-4', '0-4', '0-3', '0-2'],
  19: ['2-7', '2-7', '0-7', '0-7', '0-7', '0-7', '0-3'],
  20: ['1-6', '1-6', '0-6', '0-6', '0-6', '0-6', '0-3'],
  21: ['0-2', '-', '0-2', '-', '0-2', '0-2', '0-1'],
  22: ['0-5', '-', '0-5', '-', '0-5', '0-4', '0-1'],
  23: ['2-4', '-', '0-4', '-', '0-4', '0-4', '0-3'],
  24: ['0-5', '-', '0-5', '-', '0-5', '0-3', '0-1'],
  25: ['0-4', '-', '0-4', '-', '0-4', '0-3', '0-1'],
  26: ['0-5', '-', '0-4', '-', '0-4', '0-3', '0-1'],
  27: ['1-2', '-', '0-1', '-', '0-1', '0-1', '0'],
  28: ['0-5', '-', '0-4', '-', '0-4', '0-3', '0-2'],
  29: ['1-3', '1-3', '0-3', '0-3', '0-3', '0-2', '0-1'],
  30: ['1-3', '1-3', '0-3', '0-3', '0-3', '0-2', '0-1'],
  31: ['1-3', '1-3', '0-3', '0-3', '0-3', '0-2', '0-1'],
  32: ['1-4', '1-4', '0-4', '0-4', '0-4', '0-4', '0-2'],
  33: ['0-2', '0-2', '0-2', '0-2', '0-2', '0-2', '0-1'],
  34: ['1-2', '-', '0-2', '-', '0-2', '0-2', '0-1'],
  35: ['1-5', '-', '0-4', '-', '0-4', '0-2', '0-1'],
  36: ['0-2', '0-2', '0-2', '0-2', '0-2', '0-2', '0-1'],
  37: ['0-3', '0-3', '0-3', '0-3', '0-3', '0-3', '0-1'],
  38: ['1-3', '1-3', '0-3', '0-3', '0-3', '0-2', '0-1'],
  39: ['1-2', '1-2', '0-2', '0-2', '0-2', '0-2', '0-1'],
  40: ['1-2', '1-2', '0-2', '0-2', '0-2', '0-2', '0-1'],
  41: ['1-3', '1-3', '0-3', '0-3', '0-3', '0-2', '0-1'],
  42: ['0-2', '-', '0-2', '-', '0-2', '0-2', '0-1'],
  43: ['0-2', '0-2', '0-2', '0-2', '0-2', '0-2', '0'],
  44: ['0-1', '0-1', '0-1', '0-1', '0-1', '0-1', '0'],
  45: ['0-1', '0-1', '0', '0', '0', '0', '-'],
  46: ['0', '0', '0', '0', '0', '0', '-'],
  47: ['0', '-', '0', '-', '0', '0', '-'],
  48: ['0-1', '-', '0-1', '-', '0-1', '0-1', '-'],
  49: ['0-1', '0-1', '0-1', '0-1', '0-1', '0-1', '-'],
  50: ['0', '0', '0', '0', '0', '0', '-'],
  51: ['0', '0', '0', '0', '0', '0', '-'],
  52: ['-', '0-2', '-', '0-1', '-', '-', '-'],
  53: ['-', '0-1', '-', '0-1', '-', '-', '-'],
  54: ['-', '0-1', '-', '0-1', '-', '-', '-'],
  55: ['0-2', '0-2', '0-2', '0-2', '-', '-', '-'],
  56: ['-', '2-3', '-', '0-3', '0-3', '0', '-'],
  57: ['0-2', '0-2', '0-1', '0-1', '0-1', '0', '-'],
  58: ['-', '0', '-', '0', '0', '-', '-'],
  59: ['-', '0-1', '-', '0-1', '-', '-', '-'],
  60: ['0-2', '0-2', '0-1', '0-1', '0-1', '0', '-'],
  61: ['0', '-', '0', '-', '0', '0', '-'],
  62: ['-', '0-4', '-', '0-4', '-', '-', '-'],
  63: ['-', '0-2', '-', '0-1', '-', '-', '-'],
  64: ['0', '0', '0', '0', '-', '-', '-'],
  65: ['0', '-', '0', '-', '0', '-', '-'],
  66: ['0-2', '-', '0-1', '-', '0-1', '-', '-'],
  67: ['-', '0', '-', '0', '0', '-', '-'],
  68: ['0-1', '-', '0', '-', '0', '-', '-'],
  69: ['0-1', '-', '0', '-', '0', '-', '-'],
  70: ['-', '0', '-', '0', '-', '-', '-'],
  71: ['-', '-', '-', '-', '-', '-', '-'],
  72: ['-', '-', '-', '-', '-', '-', '-'],
  73: ['-', '0', '-', '0', '-', '-', '-'],
  74: ['0-1', '-', '0', '-', '-', '-', '-'],
  75: ['0', '-', '0', '-', '-', '-', '-'],
  76: ['1', '-', '-', '-', '-', '-', '-'],
  77: ['1', '-', '-', '-', '-', '-', '-'],
  78: ['1-2', '-', '-', '-', '-', '-', '-'],
  79: ['1-2', '-', '-', '-', '-', '-', '-'],
  80: ['0-1', '0-1', '0', '0', '-', '-', '-'],
  81: ['0', '0', '0', '0', '-', '-', '-'],
  82: ['-', '0', '-', '0', '-', '-', '-'],
  83: ['0', '-', '-', '-', '-', '-', '-'],
  84: ['0', '-', '-', '-', '-', '-', '-'],
  85: ['0-1', '-', '-', '-', '-', '-', '-'],
  86: ['0', '-', '-', '-', '-', '-', '-'],
  87: ['0-1', '-', '-', '-', '-', '-', '-'],
  88: ['0', '-', '-', '-', '-', '-', '-'],
  89: ['0', '-', '-', '-', '-', '-', '-'],
  90: ['0-1', '-', '-', '-', '-', '-', '-'],
  91: ['0', '-', '-', '-', '-', '-', '-'],
  92: ['0', '-', '-', '-', '-', '-', '-'],
}

/** Versions of one API at one release, or nothing where the release does not have it. */
export function advertisedVersions(release: Release, apiKey: number): VersionRange | undefined {
  const text = advertised[apiKey]?.[releases.indexOf(release)]
  return text === undefined || text === '-' ? undefined : parseVersions(text)
}

export function findRelease(name: string): Release {
  const release = releases.find((candidate) => candidate === name)
  if (release !== undefined) return release
  throw new FailedError('unknown-release', `what ${name} advertises is not known`, {
    hint: `known releases: ${releases.join(', ')}`,
  })
}

interface FeatureLevels {
  readonly supported: VersionRange
  /** Absent where the cluster has not finalized the feature. */
  readonly finalized?: number
}

/** Features (KIP-584) of freshly formatted clusters. */
export const features: Readonly<Partial<Record<Release, Readonly<Record<string, FeatureLevels>>>>> = {
  '4.3.1': {
    'eligible.leader.replicas.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'group.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'kraft.version': { supported: { min: 0, max: 1 } },
    'metadata.version': { supported: { min: 7, max: 30 }, finalized: 30 },
    'share.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'streams.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'transaction.version': { supported: { min: 0, max: 2 }, finalized: 2 },
  },
  '4.3.1-controller': {
    'eligible.leader.replicas.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'group.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'kraft.version': { supported: { min: 0, max: 1 } },
    'metadata.version': { supported: { min: 7, max: 30 }, finalized: 30 },
    'share.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'streams.version': { supported: { min: 0, max: 1 }, finalized: 1 },
    'transaction.version': { supported: { min: 0, max: 2 }, finalized: 2 },
  },
  '3.9.1': {
    'kraft.version': { supported: { min: 0, max: 1 } },
    'metadata.version': { supported: { min: 1, max: 21 }, finalized: 21 },
  },
  '3.9.1-controller': {
    'kraft.version': { supported: { min: 0, max: 1 } },
    'metadata.version': { supported: { min: 1, max: 21 }, finalized: 21 },
  },
}
