// python and pip, as far as one-liners of runbooks go: imports of the modules that a container has, print of an
// expression, and a conditional. The modules are facts of the container: `python modules` of its program's files.

import { readAll, readFlags } from './commandTools.ts';
import type { Command, CommandContext } from './program.ts';

/** Where a program's image lists its Python modules: JSON, module → version, attributes with their values. */
export const modulesPath = '/usr/lib/python3/modules.json';

interface Module {
  readonly version: string;
  readonly package?: string;
  /** What its functions return. */
  readonly returns?: Readonly<Record<string, unknown>>;
  /** What `python -m` prints. */
  readonly main?: string;
}

function modulesOf(context: CommandContext): Record<string, Module> {
  const { files } = context.view;
  const own = files.stat(modulesPath) ? JSON.parse(files.read(modulesPath).toString()) : {};
  return { sys: { version: '3.11' }, os: { version: '3.11' }, json: { version: '3.11' }, ...own };
}

class PythonError extends Error {}

function repr(value: unknown, quoted = true): string {
  if (typeof value === 'string') return quoted ? `'${value}'` : value;
  if (Array.isArray(value)) return `[${value.map((one) => repr(one)).join(', ')}]`;
  if (value === true) return 'True';
  return value === false ? 'False' : value === null ? 'None' : String(value);
}

function evaluate(text: string, modules: Record<string, Module>, imported: Set<string>): unknown {
  const source = text.trim();
  const conditional = /^(.+?)\s+if\s+(.+?)\s+else\s+(.+)$/s.exec(source);
  if (conditional) {
    const test = evaluate(conditional[2]!, modules, imported);
    const truth = Array.isArray(test) ? test.length > 0 : Boolean(test);
    return evaluate(conditional[truth ? 1 : 3]!, modules, imported);
  }
  const quoted = /^(['"])(.*)\1$/s.exec(source);
  if (quoted) return quoted[2];
  if (/^-?\d+(\.\d+)?$/.test(source)) return Number(source);
  const length = /^len\((.+)\)$/s.exec(source);
  if (length) return (evaluate(length[1]!, modules, imported) as unknown[]).length;
  const call = /^(\w+)\.(\w+)(\(\))?$/.exec(source);
  if (!call) throw new PythonError('SyntaxError: the practice Python reads only imports and print()');
  const [, name, attribute] = call as unknown as [string, string, string];
  if (!imported.has(name)) throw new PythonError(`NameError: name '${name}' is not defined`);
  const module = modules[name]!;
  if (attribute === '__version__') return module.version;
  if (!module.returns || !(attribute in module.returns))
    throw new PythonError(`AttributeError: module '${name}' has no attribute '${attribute}'`);
  return module.returns[attribute];
}

function runSource(context: CommandContext, source: string): number {
  const modules = modulesOf(context);
  const imported = new Set<string>();
  try {
    for (const statement of source
      .split(/[;\n]/)
      .map((one) => one.trim())
      .filter(Boolean)) {
      const imports = /^import\s+(.+)$/.exec(statement);
      const print = /^print\((.*)\)$/s.exec(statement);
      if (imports)
        for (const name of imports[1]!.split(',').map((one) => one.trim())) {
          if (!modules[name]) throw new PythonError(`ModuleNotFoundError: No module named '${name}'`);
          imported.add(name);
        }
      else if (print) context.out(`${repr(evaluate(print[1]!, modules, imported), false)}\n`);
      else if (!statement.startsWith('#')) evaluate(statement, modules, imported);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    context.err(
      `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n${error.message}\n`,
    );
    return 1;
  }
}

const python: Command = async (context) => {
  const { flags, rest } = readFlags(context.argv, ['c', 'm']);
  if (flags.has('version') || flags.has('V')) {
    context.out('Python 3.11.9\n');
    return 0;
  }
  const name = flags.get('m');
  if (name !== undefined) {
    const main = modulesOf(context)[name]?.main;
    if (main === undefined) {
      context.err(`/usr/local/bin/python: No module named ${name}\n`);
      return 1;
    }
    context.out(`${main}\n`);
    return 0;
  }
  const script = rest[0] ? context.view.files.read(rest[0]) : undefined;
  return runSource(context, flags.get('c') ?? (script ?? (await readAll(context.stdin))).toString());
};

const pip: Command = (context) => {
  const packages = Object.values(modulesOf(context)).filter((one) => one.package);
  if (context.argv[1] !== 'list' && context.argv[1] !== 'freeze') {
    context.err('ERROR: the practice container installs nothing\n');
    return 1;
  }
  context.out('Package            Version\n------------------ ---------\n');
  for (const one of packages) context.out(`${one.package!.padEnd(18)} ${one.version}\n`);
  return 0;
};

export const pythonCommands: Readonly<Record<string, Command>> = { python, python3: python, pip, pip3: pip };
