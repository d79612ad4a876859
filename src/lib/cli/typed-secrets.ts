import { secretAt } from '../config/secrets.ts'
import { isSensitiveConfig } from '../model/configs.ts'
import type { ConfigEdit } from '../model/configs-changer.ts'
import type { Surroundings } from './surroundings.ts'

/** Of a secret the command line has only the place, `@FILE` or `env:NAME`: everybody on the machine sees it. */
export function withSecrets(
  edits: readonly ConfigEdit[],
  { disk, environment }: Pick<Surroundings, 'disk' | 'environment'>,
): ConfigEdit[] {
  return edits.map((edit) => {
    if (edit.value === null || edit.value === '' || !isSensitiveConfig(edit.name)) return edit
    return { ...edit, value: secretAt(edit.value, edit.name, { disk, environment }, `${edit.name}=`) }
  })
}
