/** Where a hook is reached. */

/** @returns what a charting service is given; a path where nobody knows how the API is reached from outside */
export function hookUrl(base: string | undefined, token: string): string {
  return `${(base ?? '').replace(/\/+$/, '')}/hooks/${token}`;
}
