// Quoting of values for bash, so that a value stays a value wherever it is put.

/** Characters that mean nothing to the shell, wherever they stand. */
const plain = /^[A-Za-z0-9_./:@%+,=-]+$/;

export function isPlainValue(value: string): boolean {
  return plain.test(value) && !value.startsWith('-');
}

/** One word of bash with exactly this value. @throws RangeError for a NUL, which no argument can hold. */
export function quoteWord(value: string): string {
  if (value.includes('\0')) throw new RangeError('a NUL can be no part of an argument');
  if (plain.test(value)) return value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** `NAME='value'`, for what runs before the cell. @throws RangeError where the name is no name. */
export function assignment(name: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new RangeError(`${JSON.stringify(name)} is no variable's name`);
  return `${name}=${quoteWord(value)}`;
}
