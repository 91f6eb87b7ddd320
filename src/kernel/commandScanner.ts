// Follows bash's grammar over a text just far enough to know where a top-level command is complete.

import { GiveUp, ShellScanner } from './shellScanner.ts';

type Frame = 'if' | 'loop' | 'for' | 'case' | 'pattern' | '{' | '(' | 'test';

const openers: Record<string, Frame> = { if: 'if', while: 'loop', until: 'loop', for: 'for', select: 'for' };
const closers: Record<string, readonly Frame[]> = {
  fi: ['if'],
  done: ['loop'],
  esac: ['case', 'pattern'],
  '}': ['{'],
};
const inner = new Map<string, readonly Frame[]>([
  ['then', ['if']],
  ['elif', ['if']],
  ['else', ['if']],
  ['do', ['loop', 'for']],
]);

/** `step` by `step` over a text; throws GiveUp where its grammar is in doubt. */
export class CommandScanner extends ShellScanner {
  #frames: Frame[] = [];
  /** A command or a reserved word may come. */
  #begins = true;
  /** An operator wants a right side, or a function its body. */
  #wants = false;
  #closed = false;
  #words = 0;
  /** Between `case` and its `in`. */
  #caseHead = false;

  override commands(): void {
    const saved = [
      this.#frames,
      this.#begins,
      this.#wants,
      this.#closed,
      this.#words,
      this.#caseHead,
    ] as const;
    this.#reset();
    while (!this.step(true)) if (this.atEnd) throw new GiveUp();
    if (this.hasHeredocs) throw new GiveUp();
    [this.#frames, this.#begins, this.#wants, this.#closed, this.#words, this.#caseHead] = saved;
  }

  #reset(): void {
    this.#frames = [];
    this.#begins = true;
    this.#wants = false;
    this.#closed = false;
    this.#words = 0;
    this.#caseHead = false;
  }

  get #top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  /** True at a newline that ends a top-level command. */
  get isComplete(): boolean {
    return this.#frames.length === 0 && !this.#wants;
  }

  #next(): void {
    this.#begins = true;
    this.#closed = false;
    this.#words = 0;
  }

  /** One token. True when it was the `)` that ends a substitution. */
  step(substituted: boolean): boolean {
    this.skipBlanks();
    const char = this.char;
    if (char === '') return false;
    if (char === '\n') {
      this.newline();
      if (this.#top !== 'test' && this.#top !== 'pattern') this.#next();
      return false;
    }
    if (this.#top === 'test') {
      this.#insideTest();
      return false;
    }
    if (char === ')') {
      this.at++;
      if (this.#top === 'pattern') {
        this.#frames[this.#frames.length - 1] = 'case';
        this.#next();
        return false;
      }
      if (this.#frames.length === 0 && substituted) return true;
      if (this.#frames.pop() !== '(') throw new GiveUp();
      this.#close();
      return false;
    }
    if (char === '(') this.#parenthesis();
    else if (char === ';') this.#semicolon();
    else if (char === '&' || char === '|') this.#operator(char);
    else if (char === '<' || char === '>') this.#redirection();
    else this.#word();
    return false;
  }

  #close(): void {
    this.#closed = true;
    this.#begins = false;
    this.#wants = false;
  }

  #open(frame: Frame): void {
    this.#frames.push(frame);
    this.#next();
    this.#wants = false;
  }

  #insideTest(): void {
    if ('()<>&|;'.includes(this.char)) {
      this.at++;
      return;
    }
    if (this.word() === ']]') {
      this.#frames.pop();
      this.#close();
    }
  }

  #parenthesis(): void {
    if (this.#top === 'pattern') {
      this.at++;
      return;
    }
    if (this.#top === 'for' && this.#words === 0 && this.startsWith('((')) {
      if (!this.arithmetic()) throw new GiveUp();
      this.#next();
      return;
    }
    if (!this.#begins) {
      // `name ()`: a function, whose body is still to come.
      if (this.#words !== 1 || !/^\([ \t]*\)/.test(this.text.slice(this.at, this.at + 20)))
        throw new GiveUp();
      this.at = this.text.indexOf(')', this.at) + 1;
      this.#next();
      this.#wants = true;
      return;
    }
    if (this.startsWith('((') && this.arithmetic()) {
      this.#close();
      return;
    }
    this.at++;
    this.#open('(');
  }

  #semicolon(): void {
    const ends = /^;;&|^;;|^;&/.exec(this.text.slice(this.at, this.at + 3))?.[0];
    if (ends) {
      if (this.#top !== 'case') throw new GiveUp();
      this.at += ends.length;
      this.#frames[this.#frames.length - 1] = 'pattern';
      return;
    }
    if (this.#wants || (this.#begins && this.#top !== 'for')) throw new GiveUp();
    this.at++;
    this.#next();
  }

  #operator(char: string): void {
    if (this.#top === 'pattern') {
      this.at++;
      return;
    }
    if (this.startsWith('&>')) {
      this.at++;
      this.#redirection();
      return;
    }
    if (this.#begins) throw new GiveUp();
    const double = this.text[this.at + 1] === char || this.startsWith('|&');
    this.at += double ? 2 : 1;
    this.#next();
    this.#wants = double || char === '|';
  }

  #redirection(): void {
    if (/^[<>]\(/.test(this.text.slice(this.at, this.at + 2))) {
      this.#word();
      return;
    }
    const here = this.startsWith('<<') && !this.startsWith('<<<');
    this.redirection();
    if (here) return;
    this.skipBlanks();
    if (this.word() === '') throw new GiveUp();
  }

  #word(): void {
    const begin = this.at;
    const word = this.word();
    if (word === '') throw new GiveUp();
    const top = this.#top;
    if (top === 'pattern') {
      if (word === 'esac') this.#end();
      return;
    }
    if (top === 'case' && this.#words < 2 && this.#begins && this.#caseHead) {
      this.#caseWord(word);
      return;
    }
    if (top === 'for' && this.#begins && word !== 'do' && word !== '{') {
      this.#begins = false;
      this.#words = 1;
      return;
    }
    if (top === 'for' && !this.#begins) {
      if (word === 'do' && this.#words === 1) this.#inner(word);
      else this.#words++;
      return;
    }
    if ((this.#begins || this.#closed) && this.#reserved(word)) return;
    if (this.#closed) throw new GiveUp();
    if (/^\d+$/.test(word) && (this.char === '<' || this.char === '>') && this.at > begin) return;
    if (!this.#begins) {
      this.#words++;
      return;
    }
    this.#wants = false;
    // An assignment before a command leaves room for the command, but not for reserved words.
    this.#begins = false;
    this.#words = 1;
  }

  #caseWord(word: string): void {
    if (this.#words === 0) {
      this.#words = 1;
      return;
    }
    if (word !== 'in') throw new GiveUp();
    this.#caseHead = false;
    this.#frames[this.#frames.length - 1] = 'pattern';
  }

  #inner(word: string): void {
    if (!inner.get(word)!.includes(this.#top!)) throw new GiveUp();
    if (this.#top === 'for') this.#frames[this.#frames.length - 1] = 'loop';
    this.#next();
  }

  #end(): void {
    this.#frames.pop();
    this.#close();
  }

  #reserved(word: string): boolean {
    const frame = openers[word];
    if (Object.hasOwn(closers, word)) {
      if (!this.#top || !closers[word]!.includes(this.#top)) throw new GiveUp();
      this.#end();
    } else if (inner.has(word)) {
      this.#inner(word);
    } else if (this.#closed) {
      return false;
    } else if (frame && Object.hasOwn(openers, word)) {
      this.#open(frame);
    } else if (word === 'case') {
      this.#open('case');
      this.#caseHead = true;
    } else if (word === '{') {
      this.#open('{');
    } else if (word === '[[') {
      this.#open('test');
    } else if (word === '!' || word === 'time') {
      this.#wants = false;
    } else if (word === 'function') {
      this.skipBlanks();
      if (this.word() === '') throw new GiveUp();
      const rest = /^[ \t]*\([ \t]*\)/.exec(this.text.slice(this.at, this.at + 40));
      this.at += rest?.[0].length ?? 0;
      this.#next();
      this.#wants = true;
    } else if (word === 'coproc') {
      throw new GiveUp();
    } else {
      return false;
    }
    return true;
  }
}
