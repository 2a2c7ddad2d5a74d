/** The written style as far as a machine can judge it. */
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { CODE_FOLDERS, sourcesIn, walk, type Source } from './sources.js';

const FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 70;

const sources = sourcesIn([...CODE_FOLDERS, 'tests']);
const code = sources.filter(({ path }) => !path.startsWith('tests/'));

function lineOf({ tree }: Source, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

function find(source: Source, matches: (node: ts.Node) => boolean): string[] {
  const found: string[] = [];
  walk(source.tree, (node) => {
    if (matches(node)) found.push(`${source.path}:${lineOf(source, node)} ${node.getText()}`);
  });
  return found.map((text) => text.split('\n')[0] ?? '');
}

test('the sources were read at all', () => {
  expect(code.length).toBeGreaterThan(50);
});

test('no file is longer than 500 lines', () => {
  const long = sources.filter(({ text }) => text.split('\n').length > FILE_LINES_MAX);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test('no function is longer than 70 lines', () => {
  const long = code.flatMap((source) =>
    find(source, (node) => {
      if (!ts.isFunctionLike(node)) return false;
      const lines = source.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
      return lines - lineOf(source, node) + 1 > FUNCTION_LINES_MAX;
    }),
  );
  expect(long).toEqual([]);
});

describe('money', () => {
  /** Folders where money is the text or the decimal that it is, never a JavaScript number. */
  const FOLDERS = [
    'domain',
    'contract',
    'workflows',
    'activities',
    'store',
    'client',
    'app',
  ].concat('dashboard');
  const MONEY = /(price|quantity|cash|equity|commission|amount|notional|pnl|proceeds)$/i;

  test('no price, quantity or cash is typed as a number', () => {
    const money = code.filter(({ path }) => FOLDERS.includes(path.split('/')[0] ?? ''));
    const wrong = money.flatMap((source) =>
      find(source, (node) => {
        const isNamed =
          ts.isPropertySignature(node) || ts.isParameter(node) || ts.isVariableDeclaration(node);
        if (!isNamed || !ts.isIdentifier(node.name)) return false;
        return MONEY.test(node.name.text) && node.type?.kind === ts.SyntaxKind.NumberKeyword;
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('no text of money is turned into a number', () => {
    const money = code.filter(({ path }) => FOLDERS.includes(path.split('/')[0] ?? ''));
    const wrong = money.flatMap((source) =>
      find(source, (node) => {
        if (!ts.isCallExpression(node)) return false;
        const called = node.expression.getText();
        const argument = node.arguments[0]?.getText() ?? '';
        return /^(Number|parseFloat|Number\.parseFloat)$/.test(called) && MONEY.test(argument);
      }),
    );
    expect(wrong).toEqual([]);
  });
});

test('task queues are named in contract/ only', () => {
  const elsewhere = code.filter(({ path }) => !path.startsWith('contract/'));
  const wrong = elsewhere.flatMap((source) =>
    find(
      source,
      (node) =>
        ts.isPropertyAssignment(node) &&
        node.name.getText() === 'taskQueue' &&
        ts.isStringLiteralLike(node.initializer),
    ),
  );
  expect(wrong).toEqual([]);
});

test('the clock and chance reach rules and workflows as arguments only', () => {
  const AMBIENT = /^(Date\.now|Math\.random|performance\.now|crypto\.randomUUID)$/;
  const pure = code.filter(({ path }) => /^domain\//.test(path));
  const wrong = pure.flatMap((source) =>
    find(source, (node) => {
      if (ts.isNewExpression(node)) {
        return node.expression.getText() === 'Date' && !node.arguments?.length;
      }
      return ts.isCallExpression(node) && AMBIENT.test(node.expression.getText());
    }),
  );
  expect(wrong).toEqual([]);
});

test('every file says on its first lines what it is', () => {
  const silent = code.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text));
  expect(silent.map(({ path }) => path)).toEqual([]);
});
