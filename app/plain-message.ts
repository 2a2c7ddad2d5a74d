/** What was thrown, as a person can read it. */

/** Prisma tells its own call and place first, over several lines, and the reason last. */
const OF_DRIVER = /^(PrismaClient|DriverAdapter)/;

/**
 * The message of whatever was thrown; of the database's layers the reason alone.
 * @returns one line of the database, an error's own message otherwise
 */
export function plainMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message.trim();
  return OF_DRIVER.test(error.name) ? (text.split('\n').pop() ?? text).trim() : text;
}
