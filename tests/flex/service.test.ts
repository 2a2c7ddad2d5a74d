/** The Flex web service's two steps over real HTTP: its error codes, bounded repeats, and where the token goes. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { fetchStatement } from '../../flex/service.js';
import { file, statement } from './documents.js';
import {
  flexServer,
  refusedWith,
  STARTED,
  TOO_MANY,
  UNDER_WAY,
  type Answer,
  type FlexServer,
} from './flex-server.js';

const TOKEN = 'secret12345678901';
const READY: Answer = { body: file(statement('')) };

const servers: FlexServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(answers: Parameters<typeof flexServer>[0]): Promise<FlexServer> {
  const server = await flexServer(answers);
  servers.push(server);
  return server;
}

async function fetched({ url }: FlexServer) {
  const waits: number[] = [];
  const said: string[] = [];
  const pace = {
    wait: async (ms: number) => void waits.push(ms),
    said: (text: string) => void said.push(text),
  };
  const service = { url, token: TOKEN, queryId: '123456' };
  const outcome = await fetchStatement(service, pace).then(
    (xml) => ({ xml, error: '' }),
    (error: Error) => ({ xml: '', error: error.message }),
  );
  return { ...outcome, waits, said };
}

const stepsOf = ({ asked }: FlexServer) => asked.map(({ step }) => step);

describe('[REC-6] the token stands in no message', () => {
  test('where the service says it again, refusing or asking to wait', async () => {
    const later = refusedWith(1009, `busy, ${TOKEN}`);
    const server = await serve({ SendRequest: [later, refusedWith(1015, `${TOKEN} is no token`)] });
    const { error, said } = await fetched(server);
    expect(error).toContain('1015 … is no token');
    expect(said.join()).toContain('1009 busy, …');
    expect(error + said.join()).not.toContain(TOKEN);
  });
});

describe('[REC-6] a statement is fetched', () => {
  test('in two steps, with the reference of the first', async () => {
    const server = await serve({ SendRequest: [STARTED], GetStatement: [READY] });
    expect(await fetched(server)).toMatchObject({ xml: READY.body, waits: [3_000] });
    expect(server.asked).toEqual([
      { step: 'SendRequest', query: { q: '123456', t: TOKEN, v: '3' }, userAgent: 'ballast' },
      { step: 'GetStatement', query: { q: '8936364590', t: TOKEN, v: '3' }, userAgent: 'ballast' },
    ]);
  });

  test('after it was under way, and after too many requests had their minute', async () => {
    const server = await serve({
      SendRequest: [TOO_MANY, refusedWith(1009, 'The server is under heavy load.'), STARTED],
      GetStatement: [UNDER_WAY, TOO_MANY, READY],
    });
    const { xml, waits, said } = await fetched(server);
    expect(xml).toBe(READY.body);
    expect(waits).toEqual([60_000, 10_000, 3_000, 10_000, 60_000]);
    expect(said).toContain('1019 Statement generation in progress. Please try again shortly.');
  });

  test('after failures on the way', async () => {
    const server = await serve({
      SendRequest: [{ status: 503 }, STARTED],
      GetStatement: [{ isCut: true }, { status: 429 }, READY],
    });
    expect((await fetched(server)).xml).toBe(READY.body);
    expect(stepsOf(server)).toHaveLength(5);
  });
});

describe('[REC-6] no statement comes', () => {
  test.each([
    [1012, 'Token has expired.', 'make another one, and set FLEX_TOKEN'],
    [1014, 'Query is invalid.', 'set FLEX_QUERY_ID'],
    [1015, 'Token is invalid.', 'set FLEX_TOKEN'],
  ])('when it is refused with %d: at once, with the remedy', async (code, message, remedy) => {
    const server = await serve({ SendRequest: [refusedWith(code, message)] });
    const { error, waits } = await fetched(server);
    expect(error).toContain(`refused: ${code} ${message}`);
    expect(error).toContain(remedy);
    expect([stepsOf(server), waits]).toEqual([['SendRequest'], []]);
  });

  test('when it stays under way: after thirty requests in all', async () => {
    const server = await serve({ SendRequest: [STARTED], GetStatement: [UNDER_WAY] });
    const { error } = await fetched(server);
    expect(error).toContain('1019 Statement generation in progress');
    expect(error).toContain('"ballast flex import" it');
    expect(stepsOf(server)).toHaveLength(30);
  });

  test('when there are too many requests all the time: after ten minutes', async () => {
    const server = await serve({ SendRequest: [TOO_MANY] });
    const { waits } = await fetched(server);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(600_000);
  });

  test('when the address is wrong: at once', async () => {
    const server = await serve({});
    expect((await fetched(server)).error).toContain('the answer was 404');
    expect(stepsOf(server)).toHaveLength(1);
  });

  test('when something else answers', async () => {
    const server = await serve({ SendRequest: [{ body: '<html><body>login</body></html>' }] });
    expect((await fetched(server)).error).toContain('answered with html');
  });
});

describe('[REC-6] the token', () => {
  test('goes nowhere else: neither to the address of the answer, nor where it is sent on', async () => {
    const other = await serve({ GetStatement: [READY], SendRequest: [STARTED] });
    const server = await serve({
      SendRequest: [STARTED],
      GetStatement: [{ status: 302, location: `${other.url}/GetStatement` }],
    });
    expect((await fetched(server)).error).toContain('the answer was 302');
    expect(stepsOf(server)).toHaveLength(2);
    expect(other.asked).toEqual([]);
  });

  test('stands in no message', async () => {
    const gone = await serve({});
    await gone.close();
    const { error, said } = await fetched(gone);
    expect(error).toContain('no statement came');
    expect([error, ...said].join()).not.toContain(TOKEN);
  });
});
