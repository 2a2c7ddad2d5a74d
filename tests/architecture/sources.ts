/** The project's sources and what they import, read with the TypeScript parser. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';

export interface Import {
  /** File with the import, relative to the root. */
  from: string;
  /** A file relative to the root, or a package such as `zod` or `node:fs`. */
  to: string;
  isTypeOnly: boolean;
}

export interface Source {
  /** Relative to the root. */
  path: string;
  text: string;
  tree: ts.SourceFile;
}

const root = projectRoot();

/** Folders with code of the system itself. */
export const CODE_FOLDERS = ['domain', 'contract', 'workflows', 'activities', 'worker'].concat(
  ['client', 'broker', 'gateway', 'store', 'notify', 'api', 'cli', 'config', 'app', 'supervisor'],
  [
    'scripts',
    'bench',
    'chaos',
    'conformance',
    'dashboard',
    'failpoints',
    'flex',
    'mcp',
    'sdk',
    'snaptrade-stub',
    'telemetry',
  ],
);

function isGenerated(path: string): boolean {
  return /^(store|sdk\/src)\/generated\//.test(path) || path.startsWith('sdk/dist/');
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  return { path, text, tree };
}

/** All TypeScript files below the given top-level folders. */
export function sourcesIn(folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .map((file) => relative(root, file))
    .filter((path) => /\.tsx?$/.test(path) && !isGenerated(path))
    .map(read);
}

/** The file that a relative import names, or the package of any other. */
function target(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) {
    const [first = '', second = ''] = specifier.split('/');
    return first.startsWith('@') ? `${first}/${second}` : first;
  }
  const path = join(dirname(from), specifier);
  const asTypeScript = ['.ts', '.tsx'].map((ending) => path.replace(/\.js$/, ending));
  return asTypeScript.find((each) => existsSync(join(root, each))) ?? path;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** All imports of a file: static, re-exports, dynamic ones with a literal, and types. */
export function importsOf({ path, tree }: Source): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    found.push({ from: path, to: target(path, specifier.text), isTypeOnly: typeOnly });
  };
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeOnly(node));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    }
  });
  return found;
}

/** Everything that running a file loads: the closure of its value imports. */
export function loadedBy(start: string, all: readonly Import[]): Set<string> {
  const loaded = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    for (const { from, to, isTypeOnly: typeOnly } of all) {
      if (from === path && !typeOnly) open.push(to);
    }
  }
  return loaded;
}
