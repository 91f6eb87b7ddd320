// Where a command that starts on one line ends: backslashes, open quotes and parentheses, operators at the
// line's end, here-documents, and compound commands. A look at characters, not a parse; when what is open never
// closes, the command is its one line.

interface Open {
  quote: '' | "'" | '"' | '`';
  parens: number;
  blocks: number;
  heredocs: { word: string; dashed: boolean }[];
  continues: boolean;
}

/** Line after the command's last, for the command that starts at `lines[start]` behind `cut` characters. */
export function continuationEnd(
  lines: readonly string[],
  start: number,
  cut: number,
  isPrompt: (line: string) => boolean,
): number {
  const open: Open = { quote: '', parens: 0, blocks: 0, heredocs: [], continues: false };
  let soft = start + 1;
  for (let at = start; at < lines.length; at++) {
    const line = at === start ? lines[at]!.slice(cut) : lines[at]!.replace(/^[ \t]*>(?: |$)/, '');
    const heredoc = open.heredocs[0];
    if (at > start && !heredoc && isPrompt(lines[at]!)) return soft;
    if (heredoc) {
      if ((heredoc.dashed ? line.trimStart() : line).trimEnd() === heredoc.word) open.heredocs.shift();
    } else scan(line, open);
    const closed = !open.quote && open.parens <= 0 && open.blocks <= 0 && open.heredocs.length === 0;
    if (closed && !open.continues) return at + 1;
    // A backslash or an operator at the end surely asks for one more line, whatever else is open.
    if (open.continues && soft === at + 1) soft = Math.min(at + 2, lines.length);
  }
  return soft;
}

function scan(line: string, open: Open): void {
  open.continues = false;
  let wordStart = true;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (open.quote) {
      if (char === '\\' && open.quote !== "'") at++;
      else if (char === open.quote) open.quote = '';
      wordStart = false;
      continue;
    }
    if (char === '\\') {
      if (at === line.length - 1) open.continues = true;
      at++;
      wordStart = false;
    } else if (char === "'" || char === '"' || char === '`') {
      open.quote = char;
      wordStart = false;
    } else if (char === '#' && wordStart) return;
    else if (char === '(') open.parens++;
    else if (char === ')') open.parens = Math.max(0, open.parens - 1);
    else if (char === '<' && line[at + 1] === '<' && line[at + 2] !== '<') {
      const match = /^<<(-?)[ \t]*(?:'([^']+)'|"([^"]+)"|\\?([\w.-]+))/.exec(line.slice(at));
      if (match) {
        open.heredocs.push({ word: (match[2] ?? match[3] ?? match[4])!, dashed: match[1] === '-' });
        at += match[0].length - 1;
      } else at++;
    } else if (wordStart) {
      const word = /^(?:do|done|if|fi|case|esac|\{|\})(?=[\s;)&|]|$)/.exec(line.slice(at))?.[0];
      if (word) {
        open.blocks += /^(?:do|if|case|\{)$/.test(word) ? 1 : -1;
        at += word.length - 1;
        wordStart = false;
        continue;
      }
      wordStart = /[\s;|&(]/.test(char);
      continue;
    }
    wordStart = /[\s;|&(]/.test(char);
  }
  if (!open.quote && /(?:\||&&|\|\|)[ \t]*$/.test(line)) open.continues = true;
}
