import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

export const ROOT = path.resolve(import.meta.dirname, '../../..')

/** A file of the repository, path relative to its root. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** A TypeScript file with what it refers to. */
export interface Source extends TextFile {
  /** Files of the repository that it imports, by static or dynamic import or re-export, types included. */
  readonly files: readonly string[]
  /** Other modules: npm packages and `node:` ones, as written. */
  readonly modules: readonly string[]
  /** Uses of clock, chance and environment: `Date.now()` and the like, as written. */
  readonly impure: readonly string[]
}

const NOT_OURS = new Set(['node_modules', '.git', '.cache', '.playloop', 'coverage', 'dist'])

/** Every text file that is ours, generated ones included. */
export function allFiles(root = ROOT): TextFile[] {
  const found: TextFile[] = []
  const walk = (folder: string): void => {
    for (const name of readdirSync(path.join(root, folder)).sort()) {
      const file = path.posix.join(folder, name)
      if (NOT_OURS.has(name) || name.endsWith('.log')) continue
      if (statSync(path.join(root, file)).isDirectory()) walk(file)
      else found.push({ path: file, text: readFileSync(path.join(root, file), 'utf8') })
    }
  }
  walk('')
  return found
}

export const isSource = ({ path: file }: TextFile): boolean => /\.tsx?$/.test(file)

/** Reads imports and impure calls from the syntax tree: what stands in comments and strings is neither. */
export function parse({ path: file, text }: TextFile): Source {
  const [files, modules, impure] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const refer = (specifier: string): void => {
    if (specifier.startsWith('.')) files.add(path.posix.join(path.posix.dirname(file), specifier))
    else modules.add(specifier)
  }
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) refer(specifier)
    const use = impureUse(node)
    if (use !== undefined) impure.add(use)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return { path: file, text, files: [...files], modules: [...modules], impure: [...impure] }
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0])
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal)
  return undefined
}

const literal = (node: ts.Node | undefined): string | undefined =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined

const IMPURE = new Set([
  'Date.now',
  'Math.random',
  'process.env',
  'process.hrtime',
  'performance.now',
  'crypto.randomUUID',
  'crypto.getRandomValues',
])
const IMPURE_NAMES = new Set(['randomUUID', 'randomBytes', 'randomInt', 'hrtime'])

function impureUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const use = `${node.expression.text}.${node.name.text}`
    return IMPURE.has(use) ? use : undefined
  }
  if (
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Date' &&
    (node.arguments ?? []).length === 0
  )
    return 'new Date()'
  if (ts.isImportSpecifier(node) && IMPURE_NAMES.has((node.propertyName ?? node.name).text))
    return (node.propertyName ?? node.name).text
  return undefined
}
