import { clusterFlags, string } from './flags.ts'

/** For a command that can ask any place: a live cluster, or log directories. */
export const placeFlags = {
  'log-dir': string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Log directories of brokers, live, stopped, dead or copied: several, or the flag for each.',
    helpValue: 'DIR',
    helpGroup: 'place',
  }),
  ...clusterFlags,
}
