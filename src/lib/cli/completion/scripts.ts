import type { Manifest } from '../manifest.ts'
import type { About } from '../oclif-config.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { placesOf } from './places.ts'
import { powershellScript } from './powershell.ts'
import { zshScript } from './zsh.ts'

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

export type Shell = (typeof shells)[number]

/** The script of each shell, from the same commands that help is made of. */
export function completionScripts(manifest: Manifest, about: About): Record<Shell, string> {
  const { bin } = about.oclif
  const places = placesOf(manifest, about)
  return {
    bash: bashScript(bin, places),
    zsh: zshScript(bin, places),
    fish: fishScript(bin, places),
    powershell: powershellScript(bin, places),
  }
}
