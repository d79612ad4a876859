import { build } from 'esbuild'
import { bundled, withoutBlanks } from './settings.mjs'

/** Where the screens begin: nothing else of them is imported from outside. */
const ENTRY = /[\\/]views[\\/]show-screen\.ts$/

/**
 * The screens are a file of their own: ink and what it stands on take longer to load than most commands run, and wait
 * for each other at the top level, which CommonJS cannot.
 */
export async function screens(root) {
  const result = await build({
    entryPoints: [`${root}/src/lib/views/show-screen.ts`],
    ...bundled,
    ...withoutBlanks,
    format: 'esm',
    plugins: [withoutDevtools],
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
  })
  return { code: result.outputFiles[0].text, metafile: result.metafile }
}

/** The program has them imported from beside itself, when somebody looks, by the function that its front door gives it. */
export const screensApart = {
  name: 'screens-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /show-screen\.ts$/ }, ({ path }) =>
      ENTRY.test(path) ? { path: 'screens.mjs', namespace: 'screens-apart' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'screens-apart' }, ({ path }) => ({
      contents: `export const showScreen = async (...asked) => (await importBeside('${path}')).showScreen(...asked)`,
    }))
  },
}

/** ink talks to React's debugger if it is told to, by a package that is not here. */
const withoutDevtools = {
  name: 'without-devtools',
  setup({ onLoad }) {
    onLoad({ filter: /ink[\\/]build[\\/]devtools\.js$/ }, () => ({ contents: 'export {}', loader: 'js' }))
  },
}
