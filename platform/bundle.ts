import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/** A file for browsers, made of an entry and all it imports. */
export interface Output {
  /** The entry, as it was named. */
  readonly entry: string
  /** `history-YDP5KARF.js`: another content has another name, so a browser may keep it for ever. */
  readonly name: string
  readonly body: Buffer
}

/** Bundles entries (paths within `root`: TypeScript, TSX or CSS) for browsers, each into one file without types. */
export function bundle(
  root: string,
  entries: readonly string[],
): { outputs: readonly Output[]; inputs: readonly string[] } {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [...entries],
    outdir: 'out',
    entryNames: '[name]-[hash]',
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  })
  const bodies = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]))
  const outputs = Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
    entryPoint === undefined
      ? []
      : [{ entry: entryPoint, name: path.slice('out/'.length), body: bodies.get(join(root, path))! }],
  )
  return { outputs, inputs: Object.keys(metafile.inputs).map((path) => join(root, path)) }
}

/** When files were last written, as one value to compare. */
export const writtenAt = (paths: readonly string[]): string =>
  paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs).join(' ')
