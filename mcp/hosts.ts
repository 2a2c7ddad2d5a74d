/** What a host's configuration says so that it starts this server: the JSON that its documentation asks for. */

/** How the server is started: a host has another folder, and another environment, than the shell of a person. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Host {
  /** Where its configuration is. */
  readonly file: string;
  /** What stands in it. */
  configOf(launch: Launch): object;
}

const servers = (launch: object) => ({ mcpServers: { ballast: launch } });
const typed = (launch: Launch) => ({ type: 'stdio', ...launch });

const HOSTS = {
  'claude-desktop': { file: 'claude_desktop_config.json', configOf: servers },
  'claude-code': { file: '.mcp.json of a project', configOf: (launch) => servers(typed(launch)) },
  vscode: {
    file: '.vscode/mcp.json',
    configOf: (launch) => ({ servers: { ballast: typed(launch) } }),
  },
  cursor: { file: '.cursor/mcp.json, or ~/.cursor/mcp.json', configOf: servers },
  windsurf: { file: '~/.codeium/windsurf/mcp_config.json', configOf: servers },
  zed: {
    file: 'settings.json of Zed',
    configOf: (launch) => ({ context_servers: { ballast: launch } }),
  },
} as const satisfies Record<string, Host>;

export type HostName = keyof typeof HOSTS;
export const HOST_NAMES = Object.keys(HOSTS) as HostName[];

/** @returns the JSON for a host, and the file it belongs into */
export function hostConfig(name: HostName, launch: Launch): { file: string; config: object } {
  const { file, configOf }: Host = HOSTS[name];
  return { file, config: configOf(launch) };
}
