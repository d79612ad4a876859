import { secretAt } from '../config/secrets.ts'
import { UsageError } from '../errors.ts'
import { askForPassword } from '../prompts/ask-password.ts'
import { someoneIsThere } from './consent.ts'
import type { Surroundings } from './surroundings.ts'

/** A password for somebody: from where it was said to be, or from whoever sits there. */
export async function newPassword(
  place: string | undefined,
  user: string,
  surroundings: Surroundings,
): Promise<string> {
  const password =
    place === undefined
      ? await asked(user, surroundings)
      : secretAt(place, 'the password', surroundings, '--password ')
  if (password !== '') return password
  throw new UsageError('no-password', 'the password is empty')
}

function asked(user: string, surroundings: Surroundings): Promise<string> {
  if (someoneIsThere(surroundings))
    return askForPassword(`Password of ${user}`, {
      input: surroundings.streams().stdin,
      output: surroundings.streams().stderr,
    })
  throw new UsageError('no-password', 'nobody is there to be asked for the password', {
    hint: 'say where it is: --password @FILE, or --password env:NAME',
  })
}
