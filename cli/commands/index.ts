/**
 * The commands by name, in the order of the help page. What carries them out is loaded when one is chosen: all of
 * it takes ten times as long as what most calls need.
 */
import type { Register } from './context.js';

export interface CommandEntry {
  /** What follows the name on the help page. */
  readonly usage: string;
  readonly summary: string;
}

export interface CommandGroup {
  readonly commands: Readonly<Record<string, CommandEntry>>;
  /** Registers all of the group's commands. */
  load(): Promise<Register>;
}

export const COMMANDS: readonly CommandGroup[] = [
  {
    commands: {
      up: {
        usage: '[flags...]',
        summary: 'bring everything up, as "npm start" does; takes the same flags',
      },
      gateway: {
        usage: '[flags...]',
        summary: 'run the paper gateway alone; "ballast gateway --help" lists its flags',
      },
    },
    load: async () => (await import('./parts.js')).registerParts,
  },
  {
    commands: {
      doctor: { usage: '[options]', summary: 'check every part and say how to mend what is wrong' },
    },
    load: async () => (await import('./doctor.js')).registerDoctor,
  },
  {
    commands: {
      dashboard: {
        usage: '[options]',
        summary: 'print a link that opens the dashboard in a browser, once',
      },
    },
    load: async () => (await import('./dashboard.js')).registerDashboard,
  },
  {
    commands: {
      size: {
        usage: '[options]',
        summary: 'size positions from a JSON file of cases; nothing needs to run',
      },
    },
    load: async () => (await import('./size.js')).registerSize,
  },
  {
    commands: {
      signal: {
        usage: '[options] <file...>',
        summary: 'submit signals; the same signal again gives the same trade',
      },
    },
    load: async () => (await import('./signal.js')).registerSignal,
  },
  {
    commands: {
      preview: {
        usage: '[options] <signal...>',
        summary: 'show what a signal would come to: checks, size, orders, margin; sends nothing',
      },
      execute: {
        usage: '[options] <preview>',
        summary: 'send what a preview shows, once, or nothing',
      },
    },
    load: async () => (await import('./preview.js')).registerPreview,
  },
  {
    commands: {
      trades: { usage: '[options]', summary: 'list trades, newest first' },
      trade: {
        usage: '[options] <trade>',
        summary: 'show one trade whole: signal, sizing, orders, executions, result, timeline',
      },
    },
    load: async () => (await import('./trades.js')).registerTrades,
  },
  {
    commands: {
      positions: { usage: '[options]', summary: 'list open positions and what protects them' },
    },
    load: async () => (await import('./trades.js')).registerPositions,
  },
  {
    commands: {
      watch: {
        usage: '[options] [trade]',
        summary: 'follow one trade to its end, or all live and new ones until Ctrl-C',
      },
    },
    load: async () => (await import('./watch.js')).registerWatch,
  },
  {
    commands: {
      account: {
        usage: '[options]',
        summary: 'show the day of each account so far; its deposits and withdrawals',
      },
    },
    load: async () => (await import('./account.js')).registerAccount,
  },
  {
    commands: {
      equity: {
        usage: '[options]',
        summary: 'show what accounts were worth: hourly in the session, and at its end',
      },
    },
    load: async () => (await import('./equity.js')).registerEquity,
  },
  {
    commands: {
      approvals: {
        usage: '[options]',
        summary: 'list the signals that wait for your word, the most urgent first',
      },
      approve: {
        usage: '[options] <trade>',
        summary: 'let a signal that waits for it go on: it is checked anew, and sent',
      },
      reject: { usage: '[options] <trade>', summary: 'deny a signal that waits for an approval' },
    },
    load: async () => (await import('./approvals.js')).registerApprovals,
  },
  {
    commands: {
      close: {
        usage: '[options] <trade>',
        summary: 'close a position now, and what of its entry still works',
      },
      cancel: {
        usage: '[options] <trade>',
        summary: 'cancel what of an entry is unfilled; what is held stays protected',
      },
    },
    load: async () => (await import('./command.js')).registerCommands,
  },
  {
    commands: {
      'move-stop': {
        usage: '[options] <trade> <price>',
        summary: 'move the stop of an open trade to a price',
      },
      'move-target': {
        usage: '[options] <trade> <price>',
        summary: 'move the target of an open trade to a price',
      },
      trail: {
        usage: '[options] <trade>',
        summary: 'let the stop follow the best price from now on, by steps',
      },
    },
    load: async () => (await import('./moves.js')).registerMoves,
  },
  {
    commands: {
      halt: {
        usage: '[options]',
        summary:
          'stop all entries by the halt file, and cancel those that wait at the broker; exits and repairs go on',
      },
      resume: {
        usage: '[options]',
        summary: 'take the halt file away, and lift what a mass breach or recovery mode has paused',
      },
    },
    load: async () => (await import('./halt.js')).registerHalt,
  },
  {
    commands: {
      flatten: {
        usage: '[options]',
        summary: 'sell all that trades hold and open nothing more; shows it until --confirm',
      },
    },
    load: async () => (await import('./flatten.js')).registerFlatten,
  },
  {
    commands: {
      reconcile: {
        usage: '[options]',
        summary: 'compare the books with the broker now, and say what was found and done',
      },
    },
    load: async () => (await import('./reconcile.js')).registerReconcile,
  },
  {
    commands: {
      flex: { usage: '', summary: "lay the broker's Flex statements beside the books" },
    },
    load: async () => (await import('./flex.js')).registerFlex,
  },
  {
    commands: {
      mode: {
        usage: '[options] [mode]',
        summary: 'show what holds entries back, or set the mode of the installation',
      },
      reduce: {
        usage: '[options]',
        summary: 'open nothing more, cancel resting entries; positions go on to their exits',
      },
      pause: {
        usage: '[options] <strategy>',
        summary:
          'hold back the entries of one strategy, and cancel those that wait, until its mode is ACTIVE again',
      },
    },
    load: async () => (await import('./mode.js')).registerMode,
  },
  {
    commands: {
      resolve: {
        usage: '',
        summary: 'settle by hand what no evidence settles, in two steps, audited',
      },
    },
    load: async () => (await import('./resolve.js')).registerResolve,
  },
  {
    commands: {
      schedules: {
        usage: '[options]',
        summary: 'show what runs by the clock, when next, and how it ended last',
      },
    },
    load: async () => (await import('./schedules.js')).registerSchedules,
  },
  {
    commands: {
      notifications: {
        usage: '[options]',
        summary: 'show what people were told, or are to be, and what became of it on each channel',
      },
      notify: { usage: '', summary: 'messages to people' },
    },
    load: async () => (await import('./notify.js')).registerNotify,
  },
  {
    commands: {
      replay: {
        usage: '[options] [trade...]',
        summary:
          'try the workflow code of this checkout on what live trades have recorded; changes nothing',
      },
    },
    load: async () => (await import('./replay.js')).registerReplay,
  },
  {
    commands: {
      audit: { usage: '[options]', summary: 'show the newest 50 entries of the audit log' },
    },
    load: async () => (await import('./audit.js')).registerAudit,
  },
  {
    commands: {
      hook: { usage: '', summary: 'webhooks that take alerts of charting services' },
    },
    load: async () => (await import('./hook.js')).registerHook,
  },
  {
    commands: {
      token: { usage: '[options]', summary: 'make a bearer token for the HTTP API' },
    },
    load: async () => (await import('./token.js')).registerToken,
  },
  {
    commands: {
      session: {
        usage: '',
        summary: 'who is logged in to the dashboard, and which tokens there are; calls them back',
      },
    },
    load: async () => (await import('./session.js')).registerSession,
  },
  {
    commands: {
      codec: {
        usage: '',
        summary: 'keys that encrypt what Temporal stores, and where its UI has it opened',
      },
    },
    load: async () => (await import('./codec.js')).registerCodec,
  },
  {
    commands: {
      mcp: {
        usage: '[options]',
        summary:
          'serve the Model Context Protocol on standard input and output, read-only unless allowed',
      },
    },
    load: async () => (await import('./mcp.js')).registerMcp,
  },
  {
    commands: {
      completion: {
        usage: '<shell>',
        summary: 'print what bash, zsh or fish sources to complete commands',
      },
    },
    load: async () => (await import('./completion.js')).registerCompletion,
  },
];
