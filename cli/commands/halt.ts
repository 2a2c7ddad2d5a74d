/** `ballast halt` and `ballast resume`: the halt file, which works with everything else down (RSK-5). */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT } from '../exit.js';
import { jsonText } from '../print.js';
import { actorName, readConfig } from '../stack.js';
import type { Register } from './context.js';

export const registerHalt: Register = (program, { io, finish }) => {
  program
    .command('halt')
    .description('stop all entries by the halt file; exits and repairs go on')
    .option('--reason <text>', 'why, for whoever finds the file', 'by hand')
    .option('--json', 'print as JSON')
    .action((options: { reason: string; json?: boolean }) => {
      const { haltFile } = readConfig(io);
      mkdirSync(dirname(haltFile), { recursive: true });
      writeFileSync(haltFile, `${new Date().toISOString()} ${actorName()}: ${options.reason}\n`);
      io.out(
        options.json
          ? jsonText({ halted: true, file: haltFile })
          : `halted: nothing is opened while ${haltFile} exists; positions stay protected\n`,
      );
      finish(EXIT.ok);
    });

  program
    .command('resume')
    .description('take the halt file away')
    .option('--json', 'print as JSON')
    .action((options: { json?: boolean }) => {
      const { haltFile } = readConfig(io);
      const wasHalted = existsSync(haltFile);
      rmSync(haltFile, { force: true });
      const text = wasHalted ? 'resumed' : 'there was no halt file';
      io.out(options.json ? jsonText({ halted: false, was_halted: wasHalted }) : `${text}\n`);
      finish(EXIT.ok);
    });
};
