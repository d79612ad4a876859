import type { LocalFlags } from './local-wish.ts'

/** The words that say the same as these flags, for a broker of its own process. */
export function argumentsOf(flags: LocalFlags, dataDirs: readonly string[]): string[] {
  const { port, flush, config, ephemeral } = flags
  return [
    'broker',
    '--local',
    ...(ephemeral === true ? ['--ephemeral'] : []),
    ...dataDirs.map((dir) => `--data-dir=${dir}`),
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...(flags.secure === true ? ['--secure'] : []),
    ...(flush === undefined ? [] : [`--flush=${flush}`]),
    ...(flags['as-version'] === undefined ? [] : [`--as-version=${flags['as-version']}`]),
    ...(config === undefined ? [] : [`--config=${config}`]),
    ...(flags.topic ?? []).map((topic) => `--topic=${topic}`),
    ...(flags.listen ?? []).map((listen) => `--listen=${listen}`),
    ...(flags.advertise ?? []).map((advertise) => `--advertise=${advertise}`),
    ...(flags.set ?? []).map((setting) => `--set=${setting}`),
    ...(flags.control === undefined ? [] : [`--control=${flags.control}`]),
    ...(flags.journal === undefined ? [] : [`--journal=${flags.journal}`]),
    ...(flags['journal-records'] === true ? ['--journal-records'] : []),
    '--output=json',
  ]
}
