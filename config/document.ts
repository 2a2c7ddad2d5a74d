/** The reference page of the configuration, written from its schema. */
import type { z } from 'zod';
import { metaOf, type SettingMeta } from './fields.js';
import { settingGroups } from './schema.js';

const INTRODUCTION = `# Configuration

Every setting is an environment variable. An empty one counts as unset. All are read once, when a
process starts; a value that can't be used ends the process with a message that names the variable,
the value and what is allowed. A secret can also be given as a file: \`<NAME>_FILE\` names it.

This page is written from the schema in \`config/\` by \`node scripts/write-reference.mjs\`; a test
fails when the two differ.
`;

function cell(content: string): string {
  return content.replaceAll('|', '\\|');
}

function row(name: string, meta: SettingMeta): string {
  const cells = [
    `\`${name}\`${meta.secret ? ' (secret)' : ''}`,
    meta.description,
    meta.defaultText === '' ? '—' : `\`${meta.defaultText}\``,
    meta.unit,
    meta.allowed,
    meta.reason,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** @returns the page as Markdown, ending in a line break */
export function configurationPage(): string {
  const sections = settingGroups.map(({ title, settings }) => {
    const rows = Object.entries<z.ZodType>(settings).map(([name, schema]) =>
      row(name, metaOf(schema)),
    );
    const head = ['| variable | what it decides | default | unit | allowed | why |'];
    return [`## ${title}`, '', ...head, '| --- | --- | --- | --- | --- | --- |', ...rows].join(
      '\n',
    );
  });
  return `${INTRODUCTION}\n${sections.join('\n\n')}\n`;
}

/** @returns the text of `.env.example`: every setting with its default, commented out */
export function environmentExample(): string {
  const head = [
    '# Every setting of Ballast with its default; docs/reference/configuration.md says more.',
    '# `npm start` needs none of them.',
  ];
  const groups = settingGroups.map(({ title, settings }) => {
    const lines = Object.entries<z.ZodType>(settings).flatMap(([name, schema]) => {
      const meta = metaOf(schema);
      return [`# ${meta.description} (${meta.allowed})`, `# ${name}=${meta.defaultText}`];
    });
    return ['', `## ${title}`, ...lines].join('\n');
  });
  return [...head, ...groups].join('\n') + '\n';
}
