/** What people asked of the trade, and how far each has come: asked, sent, acknowledged. */
import type { Command, TradeWhole } from '../../api/types.js';
import { words } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import type { Tone } from '../../parts/tone.js';
import { Panel } from '../../parts/panel.js';
import { commandSteps, type CommandStage } from './command-steps.js';

const STAGES: Readonly<
  Record<CommandStage, { readonly word: string; readonly tone: Tone; readonly glyph: string }>
> = {
  asked: { word: 'asked', tone: 'quiet', glyph: '○' },
  sent: { word: 'sent', tone: 'warn', glyph: '◐' },
  acknowledged: { word: 'acknowledged', tone: 'good', glyph: '●' },
  refused: { word: 'refused', tone: 'bad', glyph: '⊘' },
  unknown: { word: 'no answer, it is looked up', tone: 'warn', glyph: '?' },
  needless: { word: 'nothing was to be sent', tone: 'quiet', glyph: '■' },
  follows: { word: 'it trails; no step was due yet', tone: 'quiet', glyph: '◌' },
};

export function Commands({ trade }: { readonly trade: TradeWhole }) {
  if (trade.commands.length === 0) return null;
  return (
    <Panel title="What people asked">
      <ul className="list">
        {[...trade.commands].reverse().map((command) => (
          <One key={command.key} command={command} trade={trade} />
        ))}
      </ul>
    </Panel>
  );
}

function One({ command, trade }: { readonly command: Command; readonly trade: TradeWhole }) {
  const steps = commandSteps(command, trade);
  return (
    <li className="row" data-command={command.kind} data-stage={steps.at(-1)?.stage}>
      <strong>{words(command.kind)}</strong>
      {steps.map(({ stage, at }) => (
        <span key={stage} className="row-tight">
          <Badge tone={STAGES[stage].tone} glyph={STAGES[stage].glyph}>
            {STAGES[stage].word}
          </Badge>{' '}
          {at !== null && (
            <span className="small muted">
              <When at={at} />
            </span>
          )}
        </span>
      ))}
      {command.reason !== null && <span className="small">{command.reason}</span>}
      <span className="small muted">
        by <bdi>{command.actor}</bdi>
      </span>
    </li>
  );
}
