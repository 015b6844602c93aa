import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/** A browser file bundled from an entry and all its imports. */
export interface Output {
  /** The entry path, as passed to `bundle`. */
  readonly entry: string
  /**
   * Name with a content hash, such as `history-YDP5KARF.js`: new content gets a new name, so browsers may cache it for
   * ever.
   */
  readonly name: string
  readonly body: Buffer
}

/** Bundles entries (paths within `root`: TypeScript, TSX or CSS) for browsers, each into one JavaScript or CSS file. */
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

/** Modification times of the files, joined into one string for comparison. */
export const writtenAt = (paths: readonly string[]): string =>
  paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs).join(' ')
