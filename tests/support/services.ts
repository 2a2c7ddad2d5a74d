/** Asks for a server that all tests of a run share; the first question starts it. */

/** @throws Error with the reason and its remedy when the server can't be had */
export async function ask<T>(service: 'postgres' | 'temporal' | 'test-server'): Promise<T> {
  const base = process.env['BALLAST_TEST_SERVICES'];
  if (!base) throw new Error('run the tests with "npm test", or jest with this configuration');
  const response = await fetch(`${base}/${service}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}
