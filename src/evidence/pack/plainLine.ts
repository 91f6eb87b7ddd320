// What a log says, put into Markdown as nothing but words.

/** One line of at most 400 characters, without markup that could hide, fake or fetch anything. */
export function plainLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 400)
    .replace(/[\\<>[\]*_#|`~$!&]/g, (sign) => `\\${sign}`);
}

/** One line as code. Backticks become apostrophes: there is no other way to keep them inside. */
export function codeLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 400)
    .replaceAll('`', "'");
  return `\`${line || ' '}\``;
}

/** A fence that its text can't end. */
export function fence(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marker = '`'.repeat(longest + 1);
  return `${marker}${language.replace(/[^a-z0-9-]/g, '')}\n${text.replace(/\n$/, '')}\n${marker}`;
}
