// What packages bring along for features that ktool does not have: 650 KB of source, which every start would read and a
// broker would keep in memory. Whoever reaches one of them after all is told so by its name.
const packages = [
  // oclif looks for plugins and commands in folders by these; ktool hands it its commands.
  'minimatch',
  'tinyglobby',
  // oclif's spinner: progress is ktool's own.
  'cli-spinners',
  // An editor for long answers, and the character sets it might have saved them in.
  '@inquirer/external-editor',
]

export const leftOut = {
  name: 'left-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${packages.join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }))
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: standIn(path) }))
  },
}

function standIn(name) {
  return `
    const reached = () => { throw new Error('${name} is not part of this program') }
    module.exports = new Proxy(reached, { get: (_, key) => (key === '__esModule' ? false : reached) })`
}
