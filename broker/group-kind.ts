/** What a group is, as failpoints name it. */
import type { WireGroup } from '../domain/broker/group.js';

export type GroupKind = 'bracket' | 'exits' | 'modify' | 'cancel';

export function kindOf({ bracket, messages }: WireGroup): GroupKind {
  if (bracket !== null) return 'bracket';
  const kinds = new Set(messages.map(({ kind }) => kind));
  if (kinds.has('place')) return 'exits';
  return kinds.has('modify') ? 'modify' : 'cancel';
}
