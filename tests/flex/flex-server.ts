/** The Flex web service as its manual describes it: a real HTTP server that answers from a script. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  /** `SendRequest`, `GetStatement` */
  readonly step: string;
  readonly query: Readonly<Record<string, string>>;
  readonly userAgent: string | undefined;
}

export interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly location?: string;
  /** Nothing is answered: the connection ends. */
  readonly isCut?: boolean;
}

export interface FlexServer {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** Gives the answers in turn, each step its own; the last one again and again. */
export async function flexServer(
  answers: Readonly<Record<string, readonly Answer[]>>,
): Promise<FlexServer> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://flex');
    const step = url.pathname.split('/').pop() ?? '';
    const own = answers[step] ?? [{ status: 404 }];
    const before = asked.filter((one) => one.step === step).length;
    asked.push({
      step,
      query: Object.fromEntries(url.searchParams),
      userAgent: request.headers['user-agent'],
    });
    const answer = own[Math.min(before, own.length - 1)]!;
    if (answer.isCut) return void request.socket.destroy();
    const headers = answer.location === undefined ? {} : { location: answer.location };
    response.writeHead(answer.status ?? 200, { 'content-type': 'text/xml', ...headers });
    response.end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/AccountManagement/FlexWebService`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The service's short answer. */
export const short = (content: Readonly<Record<string, string>>): Answer => ({
  body: `<FlexStatementResponse timestamp='20 November, 2026 10:38 AM EST'>${Object.entries(content)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('\n')}</FlexStatementResponse>`,
});

export const STARTED = short({
  ...{ Status: 'Success', ReferenceCode: '8936364590' },
  Url: 'https://elsewhere.example/AccountManagement/FlexWebService/GetStatement',
});
export const refusedWith = (code: number, message: string) =>
  short({ Status: 'Fail', ErrorCode: String(code), ErrorMessage: message });
export const UNDER_WAY = short({
  ...{ Status: 'Warn', ErrorCode: '1019' },
  ErrorMessage: 'Statement generation in progress. Please try again shortly.',
});
export const TOO_MANY = refusedWith(1018, 'Too many requests have been made from this token.');
