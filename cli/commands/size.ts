/** `ballast size`: positions sized by the pure rules, without anything running. */
import { canonicalJson } from '../../contract/fingerprint.js';
import {
  InvalidCaseError,
  readCases,
  sizeCase,
  type SizingCaseResult,
} from '../../domain/sizing/case.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { readJson, type Io } from '../io.js';
import { jsonText, paint, percent, table } from '../print.js';
import type { Register } from './context.js';

interface SizedCase {
  readonly name: string;
  readonly result: SizingCaseResult;
  /** Only when the file says what is expected. */
  readonly matches?: boolean;
}

export const registerSize: Register = (program, { io, finish }) => {
  program
    .command('size')
    .requiredOption('-f, --file <cases.json>', 'cases to size; - reads standard input')
    .option('--json', 'print the results as JSON')
    .addHelpText('after', HELP)
    .action(async (options: { file: string; json?: boolean }) => {
      finish(await size(io, options.file, options.json === true));
    });
};

const HELP = `
The file holds {"defaults": {…}, "cases": [{"name", "input", "expected"?}]}, a list of inputs, or one
input. An input: equity, risk_pct or quantity, entry_price, stop_loss; optional are side, take_profit,
available_cash, buying_power, max_position_pct, strategy_exposure, max_strategy_pct, open_risk,
max_open_risk_pct, min_quantity, max_quantity, quantity_step, on_cap. Decimals as text: "181.62".
With "expected", the exit code is 1 when a result differs.`;

async function size(io: Io, file: string, asJson: boolean): Promise<ExitCode> {
  const sized = sizeAll(file, await readJson(io, file));
  const wrong = sized.filter(({ matches }) => matches === false);
  io.out(asJson ? jsonText(sized) : casesTable(io, sized));
  if (wrong.length === 0) return EXIT.ok;
  io.err(`${wrong.length} of ${sized.length} results differ from what the file expects\n`);
  return EXIT.failed;
}

/** @throws CliError naming every bad path */
function sizeAll(file: string, document: unknown): SizedCase[] {
  try {
    const cases = asCases(document);
    if (isEmpty(cases)) throw new CliError(EXIT.failed, `${file}: there are no cases in it`);
    const expectations = expectationsOf(cases);
    return readCases(cases).map(({ name, input }, index) => {
      const result = sizeCase(input, `cases.${index}.input`);
      const expected = expectations[index];
      if (expected === undefined) return { name, result };
      return { name, result, matches: canonicalJson(result) === canonicalJson(expected) };
    });
  } catch (error) {
    if (!(error instanceof InvalidCaseError)) throw error;
    const lines = error.issues.map(({ path, message }) => `  ${path}: ${message}`);
    throw new CliError(EXIT.failed, `${file}: not sizing cases\n${lines.join('\n')}`);
  }
}

/** A list of inputs, or one input alone, in the form of a file of cases. */
function asCases(document: unknown): unknown {
  const isFile = typeof document === 'object' && document !== null && 'cases' in document;
  if (isFile) return document;
  const list: unknown[] = Array.isArray(document) ? document : [document];
  return { cases: list.map((item) => (hasInput(item) ? item : { input: item })) };
}

function isEmpty(document: unknown): boolean {
  const { cases } = document as { cases?: unknown };
  return Array.isArray(cases) && cases.length === 0;
}

function hasInput(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'input' in item;
}

function expectationsOf(document: unknown): unknown[] {
  const { cases } = document as { cases?: unknown };
  if (!Array.isArray(cases)) return [];
  return cases.map((item) => (item as { expected?: unknown } | null)?.expected);
}

const COLUMNS = ['case', 'raw', 'bound by', 'shares', 'risk', 'of equity', 'value', 'reward:risk'];
const NUMBERS = ['raw', 'shares', 'risk', 'of equity', 'value', 'reward:risk'];

function casesTable(io: Io, sized: readonly SizedCase[]): string {
  const checked = sized.some(({ matches }) => matches !== undefined);
  const rows = sized.map(({ name, result, matches }) => [
    name,
    result.raw_quantity,
    result.bound_by ?? '-',
    result.approved ? result.quantity : paint(io, 'red', 'denied'),
    result.risk_amount ?? '-',
    result.risk_percent ? percent(result.risk_percent) : '-',
    result.position_value ?? '-',
    result.rr_ratio ?? '-',
    ...(checked ? [verdict(io, matches)] : []),
  ]);
  return table(io, [...COLUMNS, ...(checked ? ['as expected'] : [])], rows, NUMBERS);
}

function verdict(io: Io, matches: boolean | undefined): string {
  if (matches === undefined) return '';
  return matches ? paint(io, 'green', 'yes') : paint(io, 'red', 'NO');
}
