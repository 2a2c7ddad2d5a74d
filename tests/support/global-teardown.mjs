/** After all tests: ends the servers that were lent, and waits until they are gone. */
export default async function teardown() {
  const child = globalThis.ballastTestServices;
  if (!child || child.exitCode !== null) return;
  child.ref();
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  await gone;
}
