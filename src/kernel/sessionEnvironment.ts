// The environment that a session's bash starts with.

/** Of the editor and of Node, not of the user's shell. */
const foreign =
  /^(?:ELECTRON_|VSCODE_|NODE_OPTIONS$|NODE_CHANNEL_FD$|NODE_UNIQUE_ID$|BASH_ENV$|ENV$|CHROME_DESKTOP$)/;

/** The environment of this process as a login would have it. */
export function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
    ),
  );
}

/** Names that no bash variable can have: `declare -p` doesn't tell them, so a fresh bash is given them again. */
export function unspeakable(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^[A-Za-z_]\w*$/.test(name) && !name.startsWith('BASH_FUNC_')),
  );
}
