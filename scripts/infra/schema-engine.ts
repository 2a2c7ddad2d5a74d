/** Prisma's migration engine as WebAssembly: no binary that some host has to hand out first. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';

/** What the generated loader of the engine exports besides its classes. */
interface EngineModule {
  __wbg_set_wasm(exports: WasmExports): void;
  SchemaEngine: typeof SchemaEngine;
}

type WasmExports = Record<string, () => void>;

/** The part used of what every JavaScript engine has, and the types of Node 20 leave out. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    compile(code: Uint8Array): Promise<object>;
    instantiate(module: object, imports: object): Promise<{ exports: WasmExports }>;
  };
};

/** The engine leaves a panic's text with the host, by this name. */
const panics: string[] = [];
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => void panics.push(message) },
});

let loading: Promise<EngineModule> | undefined;

/**
 * The engine waits for its lock with a limit of 10 s and never clears that timer, which would keep
 * the process so long: its timers hold nothing.
 */
function withoutHold([name, imported]: [string, unknown]): [string, unknown] {
  if (!name.startsWith('__wbg_setTimeout')) return [name, imported];
  const start = imported as (callback: () => void, delayMs: number) => NodeJS.Timeout;
  return [name, (callback: () => void, delayMs: number) => start(callback, delayMs).unref()];
}

/** The package's own entry imports the .wasm file as a module, which Node 20 can't do. */
async function load(): Promise<EngineModule> {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const name = '@prisma/schema-engine-wasm/schema_engine_bg';
  const engine = (await import(name)) as EngineModule;
  const code = await WebAssembly.compile(readFileSync(join(folder, 'schema_engine_bg.wasm')));
  const imports = Object.fromEntries(Object.entries(engine).map(withoutHold));
  const instance = await WebAssembly.instantiate(code, { './schema_engine_bg.js': imports });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports['__wbindgen_start']?.();
  return engine;
}

/** Type numbers of pg_type: the one-byte "char" of the system catalogues, and text. */
const CATALOGUE_CHAR = 18;
const TEXT = 25;

/** The columns of the query under way that are a catalogue's "char". */
const charColumns = new AsyncLocalStorage<Set<number>>();

type PlainQuery = (this: pg.Pool, ...args: unknown[]) => Promise<pg.QueryResult>;

/** The adapter refuses the one-byte "char", so it is called text and remembered. */
class CataloguePool extends pg.Pool {
  override query = (async (...args: unknown[]): Promise<pg.QueryResult> => {
    const plain = Reflect.get(pg.Pool.prototype, 'query') as PlainQuery;
    const result = await plain.apply(this, args);
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CATALOGUE_CHAR) continue;
      field.dataTypeID = TEXT;
      charColumns.getStore()?.add(index);
    }
    return result;
  }) as unknown as pg.Pool['query'];
}

/** Gives "char" columns to the engine as such: it reads the catalogues with them. */
class CatalogueAdapter extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    const plain = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = (query) => {
      const chars = new Set<number>();
      return charColumns.run(chars, async () => {
        const result = await plain(query);
        for (const index of chars) result.columnTypes[index] = ColumnTypeEnum.Character;
        return result;
      });
    };
    return adapter;
  }
}

/** The engine reports "Ok(0)" and the like; the text that matters is in the error it throws. */
function explain(error: unknown, errors: string[]): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error([message, ...errors].join('\n'), { cause: error });
}

/**
 * Runs `work` with an engine connected to a database.
 * @param schema path and content, or undefined when the work only applies migrations
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  schema: { path: string; content: string } | undefined,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loading ??= load();
  const { SchemaEngine: Engine } = await loading;
  const pool = new CataloguePool({
    connectionString: databaseUrl,
  });
  pool.on('error', () => undefined);
  const adapter = bindMigrationAwareSqlAdapterFactory(new CatalogueAdapter(pool));
  const datamodels: [string, string][] | undefined = schema && [[schema.path, schema.content]];
  const log: string[] = [];
  const keep = (line: string) => {
    if (/"level":"ERROR"/.test(line)) log.push(line);
  };
  const engine = await Engine.new({ datamodels }, keep, adapter);
  try {
    return await work(engine);
  } catch (error) {
    const registered = takeErrors(adapter);
    throw explain(error, [...registered, ...log, ...panics.splice(0)]);
  } finally {
    engine.free();
    await pool.end();
  }
}

/** The adapter keeps the true errors aside and hands the engine only their numbers. */
function takeErrors(adapter: {
  errorRegistry: { consumeError(id: number): { error: unknown } | undefined };
}): string[] {
  const found: string[] = [];
  for (let id = 0; id < 10; id += 1) {
    const record = adapter.errorRegistry.consumeError(id);
    if (record) found.push(String(record.error));
  }
  return found;
}
