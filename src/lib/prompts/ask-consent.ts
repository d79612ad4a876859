import inquirer from 'inquirer'
import { Cancelled } from '../errors.ts'
import type { PromptStreams } from './streams.ts'

/** Yes or no; whoever only presses Enter has said no. */
export async function askYes(question: string, streams: PromptStreams): Promise<void> {
  const { answer } = await asked(() =>
    inquirer.createPromptModule({ ...streams })([
      { type: 'confirm', name: 'answer', message: question, default: false },
    ]),
  )
  if (answer !== true) throw declined()
}

/** What cannot be undone is not said yes to by habit: its name has to be typed. */
export async function askForName(question: string, name: string, streams: PromptStreams): Promise<void> {
  const { answer } = await asked(() =>
    inquirer.createPromptModule({ ...streams })([
      { type: 'input', name: 'answer', message: `${question} Type ${name} to go on:` },
    ]),
  )
  if (answer !== name) throw declined()
}

/** Ctrl-C and the end of the input are a no. */
async function asked<Answers>(ask: () => Promise<Answers>): Promise<Answers> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw declined()
    throw error
  }
}

function declined(): Cancelled {
  return new Cancelled('declined', 'nothing was changed')
}
