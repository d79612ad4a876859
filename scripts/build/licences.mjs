import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The licences ask to travel with their code: one text of all packages in the bundle. */
export function licencesOf(root, packages) {
  const texts = packages.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim()
    return `${name} ${version} (${license})\n\n${text}`
  })
  return `Packages that are part of what lies here:\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}
