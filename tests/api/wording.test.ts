/** Refusals in the words of the surface that asked. */
import { expect, test } from '@jest/globals';
import { inMembers } from '../../api/wording.js';

test.each([
  ['a stop at 90 risks more: say --widen if that is meant', 'say `widen: true` if'],
  ['give it with --market PRICE', 'give it with `market_price`'],
  ['with --account DU1 --contract 7', 'with `account_id` DU1 `broker_contract_id` 7'],
  ['name its ratio: --ratio NEW:OLD', 'name its ratio: `ratio`'],
  ['look again without --confirm', 'look again without `confirm`'],
  ['or say --without-picture if', 'say `without_picture: true` if'],
])('[API-1] an option is a member of the body: %s', (refusal, told) => {
  expect(inMembers(refusal)).toContain(told);
});

test('[API-1] a command for a person stays as it is, and so does all else', () => {
  const told =
    'wait ("ballast doctor --fix" says why), then "ballast resolve order A --absent" -- or 1--2';
  expect(inMembers(told)).toBe(told);
});
