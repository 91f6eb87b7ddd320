// Finds where a bash word ends: quotes, expansions, substitutions, here-documents. Enough of the grammar to cut a
// cell between complete commands, no more. What it is not sure of it gives up on: the caller then cuts no further.

export class GiveUp extends Error {}

const wordBreak = new Set([' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')']);

export class ShellScanner {
  readonly text: string;
  at = 0;
  /** A here-document that the text's end cut short. */
  cutShort = false;
  #heredocs: { readonly delimiter: string; readonly stripTabs: boolean }[] = [];

  constructor(text: string) {
    this.text = text;
  }

  get char(): string {
    return this.text[this.at] ?? '';
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Skips blanks, continued lines and a comment; stops at a newline. */
  skipBlanks(): void {
    for (;;) {
      if (this.char === ' ' || this.char === '\t' || this.char === '\r') this.at++;
      else if (this.startsWith('\\\n')) this.at += 2;
      else break;
    }
    if (this.char === '#') {
      const end = this.text.indexOf('\n', this.at);
      this.at = end < 0 ? this.text.length : end;
    }
  }

  /** Steps over a newline and over the here-documents that begin after it. */
  newline(): void {
    this.at++;
    for (const { delimiter, stripTabs } of this.#heredocs.splice(0)) {
      for (;;) {
        if (this.atEnd) {
          this.cutShort = true;
          return;
        }
        const end = this.text.indexOf('\n', this.at);
        const line = this.text.slice(this.at, end < 0 ? undefined : end);
        this.at = end < 0 ? this.text.length : end + 1;
        if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) break;
      }
    }
  }

  get hasHeredocs(): boolean {
    return this.#heredocs.length > 0;
  }

  /** A redirection operator: its here-document is remembered; for others the target follows as a word. */
  redirection(): void {
    if (this.startsWith('<<<')) {
      this.at += 3;
    } else if (this.startsWith('<<')) {
      const stripTabs = this.text[this.at + 2] === '-';
      this.at += stripTabs ? 3 : 2;
      this.skipBlanks();
      const raw = this.word();
      if (raw === '' || /[$`]/.test(raw)) throw new GiveUp();
      this.#heredocs.push({ delimiter: raw.replace(/\\(.)/g, '$1').replace(/["']/g, ''), stripTabs });
    } else {
      this.at++;
      if (this.char === '(') throw new GiveUp();
      while ('<>&|'.includes(this.char) && this.char !== '') this.at++;
    }
  }

  /** A word as it is written, empty where none starts here. */
  word(): string {
    const begin = this.at;
    while (!this.atEnd) {
      const char = this.char;
      const soFar = this.text.slice(begin, this.at);
      if ((char === '<' || char === '>') && this.text[this.at + 1] === '(') {
        this.at += 2;
        this.commands();
      } else if (char === '(' && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=$/.test(soFar)) {
        this.#array();
      } else if (char === '(' && /[?*+@!]$/.test(soFar) && soFar !== '!') {
        this.#balanced();
      } else if (wordBreak.has(char)) {
        break;
      } else {
        this.#part(char);
      }
    }
    return this.text.slice(begin, this.at);
  }

  #part(char: string): void {
    if (char === '\\') this.at += 2;
    else if (char === "'") this.#until("'");
    else if (char === '"') this.#doubleQuoted();
    else if (char === '`') this.#backticks();
    else if (char === '$') this.#dollar();
    else this.at++;
  }

  #until(end: string): void {
    const found = this.text.indexOf(end, this.at + 1);
    if (found < 0) throw new GiveUp();
    this.at = found + 1;
  }

  #backticks(): void {
    this.at++;
    while (this.char !== '`') {
      if (this.atEnd) throw new GiveUp();
      this.at += this.char === '\\' ? 2 : 1;
    }
    this.at++;
  }

  #doubleQuoted(): void {
    this.at++;
    while (this.char !== '"') {
      if (this.atEnd) throw new GiveUp();
      if (this.char === '\\') this.at += 2;
      else if (this.char === '$') this.#dollar(true);
      else if (this.char === '`') this.#backticks();
      else this.at++;
    }
    this.at++;
  }

  #dollar(inQuotes = false): void {
    const next = this.text[this.at + 1];
    if (this.startsWith('$((') && this.#arithmetic(1)) return;
    if (next === '(') {
      this.at += 2;
      this.commands();
    } else if (next === '{') {
      this.#braces(inQuotes);
    } else if (next === "'" && !inQuotes) {
      this.at += 2;
      while (this.char !== "'") {
        if (this.atEnd) throw new GiveUp();
        this.at += this.char === '\\' ? 2 : 1;
      }
      this.at++;
    } else {
      this.at++;
      if (this.char === '#' || this.char === '$') this.at++;
    }
  }

  #braces(inQuotes: boolean): void {
    this.at += 2;
    while (this.char !== '}') {
      if (this.atEnd) throw new GiveUp();
      if (this.char === '\\') this.at += 2;
      else if (this.char === "'" && !inQuotes) this.#until("'");
      else if (this.char === '"') this.#doubleQuoted();
      else if (this.char === '`') this.#backticks();
      else if (this.char === '$') this.#dollar(inQuotes);
      else this.at++;
    }
    this.at++;
  }

  /** `((…))`, `skip` characters before it. False, and nothing consumed, where it turns out to be subshells. */
  arithmetic(): boolean {
    return this.#arithmetic(0);
  }

  #arithmetic(skip: number): boolean {
    const begin = this.at;
    this.at += skip + 2;
    let depth = 2;
    while (depth > 0) {
      if (this.atEnd) {
        this.at = begin;
        return false;
      }
      const char = this.char;
      if (char === '(') depth++;
      else if (char === ')') {
        depth--;
        if (depth === 1 && this.text[this.at + 1] !== ')') {
          this.at = begin;
          return false;
        }
      } else if (char === '"' || char === "'" || char === '`' || char === '$' || char === '\\') {
        this.#part(char);
        continue;
      }
      this.at++;
    }
    return true;
  }

  #array(): void {
    this.at++;
    for (;;) {
      this.skipBlanks();
      if (this.atEnd) throw new GiveUp();
      if (this.char === ')') break;
      if (this.char === '\n') this.at++;
      else if (this.word() === '') throw new GiveUp();
    }
    this.at++;
  }

  #balanced(): void {
    this.at++;
    while (this.char !== ')') {
      if (this.atEnd) throw new GiveUp();
      if (this.char === '(') this.#balanced();
      else this.#part(this.char);
    }
    this.at++;
  }

  /** Overridden by what knows commands: steps behind the `)` that ends a substitution. */
  commands(): void {
    throw new GiveUp();
  }
}
