import { string } from './flags.ts'

/** For a command that controls a local broker which runs. */
export const controlFlags = {
  'data-dir': string({
    summary:
      'The directory on which the broker works; if not said, that of the broker around this command, or in the background.',
    helpValue: 'DIR',
  }),
}
