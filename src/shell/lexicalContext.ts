// For every character of a shell text: is it bare, quoted, in a comment, in a heredoc? A scanner that never fails,
// for text that need not parse (placeholders are redirections to bash).

export type Context =
  | 'bare'
  | 'single'
  | 'double'
  | 'ansi'
  | 'comment'
  | 'heredoc'
  | 'rawHeredoc'
  | 'parameter';

export interface ContextMap {
  at(index: number): Context;
  /** Start of the simple command around `index`: the text from there on begins with its name. */
  commandStart(index: number): number;
}

interface Heredoc {
  readonly end: string;
  readonly raw: boolean;
  readonly tabs: boolean;
  readonly command: number;
}

const heredocStart = /^<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|(\\?)([A-Za-z_][\w.-]*))/;

const kinds: readonly Context[] = [
  'bare',
  'single',
  'double',
  'ansi',
  'comment',
  'heredoc',
  'rawHeredoc',
  'parameter',
];

export function scanContexts(text: string): ContextMap {
  const marks = new Uint8Array(text.length);
  const starts = new Uint32Array(text.length + 1);
  const set = (index: number, kind: Context): void => {
    marks[index] = kinds.indexOf(kind);
  };
  // What closes the innermost open thing: `"`, `)` of `$(`, `}` of `${`, '`'.
  const stack: { close: string; command: number }[] = [];
  const heredocs: Heredoc[] = [];
  let command = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    const top = stack.at(-1)?.close;
    const inDouble = top === '"';
    const here: Context = inDouble ? 'double' : top === '}' ? 'parameter' : 'bare';
    starts[at] = command;
    set(at, here);
    if (char === '\\') {
      if (at + 1 < text.length) {
        set(at + 1, here);
        starts[at + 1] = command;
      }
      at += 2;
      continue;
    }
    if (char === top) {
      const closed = stack.pop()!;
      command = closed.command;
      at++;
      continue;
    }
    if (char === '"') {
      stack.push({ close: '"', command });
      at++;
      continue;
    }
    if (char === '$' && text[at + 1] === '(') {
      stack.push({ close: ')', command });
      starts[at + 1] = command;
      set(at + 1, here);
      at += 2;
      command = at;
      continue;
    }
    if (char === '$' && text[at + 1] === '{') {
      stack.push({ close: '}', command });
      starts[at + 1] = command;
      set(at + 1, here);
      at += 2;
      continue;
    }
    if (char === '`') {
      stack.push({ close: '`', command });
      at++;
      command = at;
      continue;
    }
    if (inDouble) {
      at++;
      continue;
    }
    if (char === "'" || (char === '$' && text[at + 1] === "'")) {
      const ansi = char === '$';
      const from = at + (ansi ? 2 : 1);
      let end = from;
      while (end < text.length && text[end] !== "'") end += ansi && text[end] === '\\' ? 2 : 1;
      for (let index = at; index <= Math.min(end, text.length - 1); index++) {
        set(index, ansi ? 'ansi' : 'single');
        starts[index] = command;
      }
      at = end + 1;
      continue;
    }
    if (char === '#' && (at === 0 || /[\s;&|(]/.test(text[at - 1]!)) && top !== '}') {
      while (at < text.length && text[at] !== '\n') {
        starts[at] = command;
        set(at++, 'comment');
      }
      continue;
    }
    const opened = char === '<' ? heredocStart.exec(text.slice(at, at + 120)) : null;
    if (opened && text[at - 1] !== '<') {
      const end = opened[2] ?? opened[3] ?? opened[5]!;
      heredocs.push({
        end,
        raw: opened[5] === undefined || opened[4] !== '',
        tabs: opened[1] === '-',
        command,
      });
      for (let index = at; index < at + opened[0].length; index++) {
        starts[index] = command;
        set(index, here);
      }
      at += opened[0].length;
      continue;
    }
    if (char === '(') stack.push({ close: ')', command });
    if (/[;&|(\n{]/.test(char)) command = at + 1;
    at++;
    if (char === '\n' && heredocs.length > 0) {
      for (const heredoc of heredocs.splice(0)) at = scanHeredoc(text, at, heredoc, set, starts);
      command = at;
    }
  }
  starts[text.length] = command;
  return {
    at: (index) => kinds[marks[index] ?? 0]!,
    commandStart: (index) => starts[Math.min(index, text.length)]!,
  };
}

function scanHeredoc(
  text: string,
  from: number,
  heredoc: Heredoc,
  set: (index: number, kind: Context) => void,
  starts: Uint32Array,
): number {
  let at = from;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    if ((heredoc.tabs ? line.replace(/^\t+/, '') : line) === heredoc.end)
      return Math.min(end + 1, text.length);
    for (let index = at; index < Math.min(end + 1, text.length); index++) {
      set(index, heredoc.raw ? 'rawHeredoc' : 'heredoc');
      starts[index] = heredoc.command;
    }
    at = end + 1;
  }
  return text.length;
}
