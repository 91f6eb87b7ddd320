// A text within a regular expression.

/** The source that meets this text alone; for expressions without the flags `u` and `v`. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
