// Secrets that YAML writes on the lines below their name: `password: |`.

import type { Range } from './rule.ts';
import { isSecretName } from './secretName.ts';

const opening =
  /^([ \t]*(?:-[ \t]+)*)["']?([\w.-]{1,80})["']?[ \t]*:[ \t]*[|>][-+]?[1-9]?[-+]?[ \t]*(?:#.*)?$/;

/** Follows such values, line by line. */
export class SecretScalar {
  #indent: number | undefined;

  get isInside(): boolean {
    return this.#indent !== undefined;
  }

  /** What of the line, all but its indent, is such a value. */
  feed(line: string): Range | undefined {
    const text = line.trim();
    if (this.#indent !== undefined && text === '') return undefined;
    const indent = line.search(/\S/);
    if (this.#indent !== undefined && indent > this.#indent)
      return text.startsWith('[cut ') ? undefined : { start: indent, end: indent + text.length };
    const [, before, name] = opening.exec(line) ?? [];
    this.#indent = name !== undefined && isSecretName(name) ? before!.length : undefined;
    return undefined;
  }
}
