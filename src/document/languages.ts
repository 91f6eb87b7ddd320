// Fence tags that make a code cell, and the editor languages that go with them.

const shellTags = ['bash', 'sh', 'shell', 'kubectl', 'terminal', 'console'];
const sessionTags = [
  'shell-session',
  'shellsession',
  'shell_session',
  'sh-session',
  'bash-session',
  'bashsession',
];

/** Fence tag (lower case) → VS Code language id. */
const languageIds = new Map<string, string>([
  ...[...shellTags, ...sessionTags, 'zsh'].map((tag) => [tag, 'shellscript'] as const),
  ['python', 'python'],
  ['promql', 'promql'],
]);

/** VS Code language id → the tag that a person types for it, where that is not the id itself. */
const tagsOfIds = new Map<string, string>([
  ['shellscript', 'bash'],
  ['plaintext', 'text'],
]);

export const plainText = 'plaintext';

export function isExecutableTag(tag: string): boolean {
  return languageIds.has(tag);
}

export function isShellTag(tag: string): boolean {
  return languageIds.get(tag) === 'shellscript';
}

/** The editor language of an executable tag; plain text for any other. */
export function languageIdOf(tag: string): string {
  return languageIds.get(tag) ?? plainText;
}

export function tagOfLanguageId(languageId: string): string {
  return tagsOfIds.get(languageId) ?? languageId;
}
