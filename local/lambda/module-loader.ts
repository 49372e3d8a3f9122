import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Script } from 'node:vm';

type Require = (id: string) => unknown;
type Compiled = (
  exports: unknown,
  require: Require,
  importModule: (id: string) => Promise<object>,
  module: object,
  filename: string,
  directory: string,
  ...globals: unknown[]
) => void;

/** Scripts by their source: the same assets lie in many places. Each is compiled once, and run as often as there are loaders. */
const scripts = new Map<string, Script>();

/** What a {@link ModuleLoader} gives to the modules that it loads. */
export interface ModuleSurroundings {
  /** In place of the globals of those names. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** In place of Node's modules of those names. */
  readonly builtins: Readonly<Record<string, unknown>>;
  /** Folders of packages, as in NODE_PATH; a package of modules that are not bundled is in a `node_modules`. */
  readonly packages: readonly string[];
}

/** Loads CommonJS modules into this process, each once, with globals and built-in modules of their own. */
export class ModuleLoader {
  private readonly loaded = new Map<string, { exports: unknown }>();

  constructor(private readonly surroundings: ModuleSurroundings) {}

  /** Loads the module at a path, with or without its ending. */
  load(path: string): unknown {
    const file = this.find(path);
    if (file === undefined) {
      throw Object.assign(new Error(`Cannot find module '${path}'`), { code: 'MODULE_NOT_FOUND' });
    }
    const known = this.loaded.get(file);
    if (known) {
      return known.exports;
    }
    const module = { exports: {} as unknown };
    this.loaded.set(file, module);
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(readFileSync(file, 'utf8'));
    } else {
      this.run(file, module);
    }
    return module.exports;
  }

  private run(file: string, module: { exports: unknown }): void {
    const { globals } = this.surroundings;
    const source = readFileSync(file, 'utf8').replace(/^#!.*/, '');
    const script = scripts.get(source) ?? compile(source, file, Object.keys(globals));
    scripts.set(source, script);
    // In Node's own realm, as in a process: tests may run in another.
    const compiled = script.runInThisContext() as Compiled;
    const require: Require = (id) => this.require(id, dirname(file));
    const importModule = (id: string): Promise<object> => Promise.resolve().then(() => namespace(require(id)));
    compiled(module.exports, require, importModule, module, file, dirname(file), ...Object.values(globals));
  }

  private require(id: string, from: string): unknown {
    if (isBuiltin(id)) {
      const name = id.replace(/^node:/, '');
      // oxlint-disable-next-line typescript/no-require-imports
      return this.surroundings.builtins[name] ?? (require(id) as unknown);
    }
    if (id.startsWith('.') || isAbsolute(id)) {
      return this.load(resolve(from, id));
    }
    const { packages } = this.surroundings;
    const folder = packages.find((each) => this.find(join(each, id)) !== undefined);
    return this.load(folder === undefined ? (installed(id, [from, ...packages]) ?? id) : join(folder, id));
  }

  private find(path: string): string | undefined {
    const candidates = [path, `${path}.js`, `${path}.cjs`, `${path}.json`, join(path, 'index.js')];
    return candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  }
}

function compile(source: string, filename: string, globals: readonly string[]): Script {
  const parameters = ['exports', 'require', '$import', 'module', '__filename', '__dirname', ...globals].join(', ');
  // Node's own import() would bring its own modules.
  const body = source.replace(/(?<![.$\w])import\s*\(/g, '$$import(');
  return new Script(`(function (${parameters}) {${body}\n})`, { filename });
}

/** The file that a package's name stands for, as its package.json says. */
function installed(id: string, paths: string[]): string | undefined {
  try {
    return require.resolve(id, { paths });
  } catch {
    return undefined;
  }
}

/** A CommonJS module as `import()` gives it. */
function namespace(exports: unknown): object {
  return { ...(exports as object), default: exports };
}
