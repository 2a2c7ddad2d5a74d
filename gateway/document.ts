/** The parts of docs/gateway.md that follow from the code. */
import { FAULT_MENU } from './fault-menu.js';
import { GATEWAY_HELP } from './flags.js';

function faultTable(): string {
  const rows = Object.entries(FAULT_MENU).map(
    ([name, { at, sentence }]) => `| \`${name}\` | ${at} | ${sentence} |`,
  );
  return ['| fault | happens | what |', '| --- | --- | --- |', ...rows].join('\n');
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
  return replacePart(withHelp, 'faults', faultTable());
}
