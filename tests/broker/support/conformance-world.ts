/** The world of the conformance suite over a paper gateway of the tests: everything is possible in it. */
import type { World } from '../../../conformance/case.js';
import { terminalWorld } from '../../../conformance/worlds/terminal.js';
import type { TerminalOptions } from '../../../conformance/worlds/terminal.js';
import type { Paper } from './paper.js';

export function paperWorld(paper: Paper, options: Partial<TerminalOptions> = {}): World {
  return terminalWorld({
    name: 'the paper gateway',
    host: '127.0.0.1',
    port: paper.port,
    controlPort: paper.controlPort,
    clientId: 7,
    account: 'DU1234567',
    symbol: 'SPY',
    quantity: '10',
    referencePrice: '100',
    abilities: ['fills', 'prices', 'disturbances', 'second session'],
    patienceMs: 15_000,
    quietMs: 150,
    ...options,
  });
}
