/** What `ballast` says of telling a trade's workflow, beside the answer (TRD-5, TRD-11). */
import { expect, test } from '@jest/globals';
import { resolvedText, toldText } from '../../cli/commands/command.js';

const over = { how: 'over', state: 'CLOSED' } as const;

test('[TRD-5] a command to a trade that is over was carried out, or came too late', () => {
  expect(toldText(over)).toBe('carried out: the trade is CLOSED');
});

test('[TRD-11] a resolution beside a trade that is over says that it is, not that this closed it', () => {
  const words = resolvedText(over);
  expect(words).not.toContain('carried out');
  expect(words).toBe(
    'it is in the books; the trade itself is over (CLOSED), and nothing waits in it',
  );
  expect(resolvedText({ how: 'told' })).toBeNull();
  const later = { how: 'later', why: 'its workflow does not run' } as const;
  expect(resolvedText(later)).toBe(toldText(later));
});
