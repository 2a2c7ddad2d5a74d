/**
 * node watch-parent.mjs PARENT CHILD: kills the process CHILD when the process PARENT is gone, and
 * ends when CHILD is. For a server that the Temporal SDK starts itself, and would leave behind.
 */
import { identify, isRunning, isSameProcess } from './lib/processes.mjs';

const POLL_MS = 500;

const [parent, child] = process.argv.slice(2).map((pid) => identify(Number(pid)));
const timer = setInterval(() => {
  if (!isSameProcess(child)) return clearInterval(timer);
  if (isRunning(parent.pid) && isSameProcess(parent)) return;
  process.kill(child.pid, 'SIGKILL');
}, POLL_MS);
