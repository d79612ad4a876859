import { build } from 'esbuild'
import { kafkajsApart } from './kafkajs.mjs'
import { lazyOclif } from './lazy-oclif.mjs'
import { leftOut } from './left-out.mjs'
import { screensApart } from './screens.mjs'
import { bundled, withoutBlanks } from './settings.mjs'

/**
 * One CommonJS file, wrapped in the function that Node would put round it: the front door compiles it itself,
 * to bring its code cache along. Plain ASCII, so that reading it needs no decoding.
 */
export async function bundle(root, about, entry, { plugins = [], ...wish } = {}) {
  const result = await build({
    stdin: { contents: entry, resolveDir: root, sourcefile: 'entry.js', loader: 'js' },
    ...bundled,
    ...withoutBlanks,
    ...wish,
    format: 'cjs',
    plugins: [...plugins, lazyOclif(), leftOut, kafkajsApart, screensApart],
    external: externals(about),
    banner: {
      js: '(function (exports, require, module, __filename, __dirname, importBeside) {\nconst bundleUrl = require("node:url").pathToFileURL(__filename).href;',
    },
    footer: { js: '})' },
    define: { 'import.meta.url': 'bundleUrl' },
  })
  return { code: result.outputFiles[0].text, packages: packagesIn(result.metafile) }
}

/** What is installed beside ktool stays outside; oclif's development tools are never reached. */
export function externals({ dependencies = {}, optionalDependencies = {} }) {
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), 'typescript', 'pnpapi']
}

export function packagesIn({ inputs }) {
  const folders = Object.keys(inputs).map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort()
}
