/** A plan that was withdrawn unsent and made anew: what the earlier one wanted, and this one doesn't, is not sent. */
import { expect, test } from '@jest/globals';
import { claimEntry, entryIds } from '../../../domain/trade/claim.js';
import { CLIENT, granted, plannedBook, sender } from './books.js';

test('[TRD-2] a target of a plan that was withdrawn is no part of a bracket without one', () => {
  const before = plannedBook();
  const book = { ...before, plan: { ...before.plan!, targetPrice: null } };
  const { fresh } = entryIds(book, { lastGivenId: 0, sessionClientId: CLIENT });
  const { group } = granted(
    claimEntry(
      book,
      Array.from({ length: fresh }, (_, index) => index + 1),
      sender(),
    ),
  );
  const roles = group.messages.map(
    ({ legId }) => book.legs.find((leg) => leg.legId === legId)!.role,
  );
  expect(roles).toEqual(['ENTRY', 'STOP']);
});
