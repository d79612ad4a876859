import inquirer from 'inquirer'
import { Cancelled, UsageError } from '../errors.ts'
import type { PromptStreams } from './streams.ts'

/** Twice, since nobody sees what he types. */
export async function askForPassword(question: string, streams: PromptStreams): Promise<string> {
  const ask = inquirer.createPromptModule({ ...streams })
  try {
    const { first, second } = await ask([
      { type: 'password', name: 'first', message: `${question}:`, mask: '*' },
      { type: 'password', name: 'second', message: 'Once more:', mask: '*' },
    ])
    if (first === second) return String(first)
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new Cancelled('declined', 'nothing was changed')
    }
    throw error
  }
  throw new UsageError('passwords-differ', 'the two passwords are not the same')
}
