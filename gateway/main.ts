/** The paper gateway's process; `--help` explains it. */
import { runGateway } from './main-lib.js';

process.exitCode = await runGateway(process.argv.slice(2));
// A client's half-open socket or a timer must not outlive the decision to end.
process.exit();
