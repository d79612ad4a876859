import { string } from './flags.ts'

/** For a command that can ask any place: for now those are log directories. */
export const placeFlags = {
  'log-dir': string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'A log directory of a broker, live, stopped, dead or copied; repeat it for each that there is.',
    helpValue: 'DIR',
    helpGroup: 'place',
  }),
}
