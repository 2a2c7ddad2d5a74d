/** How the broker spells ids of executions, on its socket and in its statements. */

/**
 * The part of an execution id that its corrections share, and the correction's number.
 * `0000e0d5.69dd7411.01.02` is correction 2 of `0000e0d5.69dd7411.01`.
 */
export function executionParts(executionId: string): { key: string; correction: number } {
  const dot = executionId.lastIndexOf('.');
  const suffix = executionId.slice(dot + 1);
  if (dot < 1 || !/^\d+$/.test(suffix)) return { key: executionId, correction: 1 };
  return { key: executionId.slice(0, dot), correction: Number(suffix) };
}
