/** The parts of docs/gateway.md that follow from the code. */
import { FAULT_MENU, OF_ORDER } from './fault-menu.js';
import type { FaultDescription } from './fault-menu.js';
import { EVENT_FIELDS, describeField } from './fault-params.js';
import type { EventField } from './fault-params.js';
import { GATEWAY_HELP } from './flags.js';

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function paramsText({ params }: FaultDescription): string {
  const described = Object.entries(params).map(
    ([name, spec]) => `\`${name}\`: ${describeField(spec)}`,
  );
  return described.join('; ');
}

/** Fields that all orders have go by one word. */
function narrowingText({ narrowedBy }: FaultDescription): string {
  const ofOrder: readonly EventField[] = OF_ORDER;
  if (!ofOrder.every((field) => narrowedBy.includes(field))) return code(narrowedBy);
  const others = narrowedBy.filter((field) => !ofOrder.includes(field));
  return ['order', ...(others.length > 0 ? [code(others)] : [])].join(', ');
}

function faultTable(): string {
  const rows = Object.entries(FAULT_MENU).map(([name, fault]) =>
    ['', `\`${name}\``, fault.at, fault.sentence, paramsText(fault), narrowingText(fault), ''].join(
      ' | ',
    ),
  );
  return [
    '| fault | happens | what | parameters | narrowed by |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => row.trim()),
  ].join('\n');
}

function fieldTable(): string {
  const rows = Object.entries(EVENT_FIELDS).map(
    ([name, spec]) => `| \`${name}\` | ${describeField(spec)} |`,
  );
  return ['| field of an event | takes |', '| --- | --- |', ...rows].join('\n');
}

function replacePart(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page lacks ${start} … ${end}`);
  return `${page.slice(0, before)}${start}\n\n${content}\n\n${page.slice(after)}`;
}

/** The page with its help and its fault menu as the code has them. */
export function updateGatewayPage(page: string): string {
  const withHelp = replacePart(page, 'help', `\`\`\`\n${GATEWAY_HELP.trim()}\n\`\`\``);
  return replacePart(withHelp, 'faults', `${faultTable()}\n\n${fieldTable()}`);
}
