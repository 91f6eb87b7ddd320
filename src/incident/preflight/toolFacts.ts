// What is known of programs that runbooks call: how each tells its version, what it is called elsewhere, and which of
// its options only one make of it has.

export interface ToolFact {
  readonly names: readonly string[];
  /** Arguments that print its version and do nothing else. */
  readonly version: readonly string[];
  /** How to get it. */
  readonly mend?: string;
}

export const toolFacts: readonly ToolFact[] = [
  { names: ['kubectl'], version: ['version', '--client'], mend: 'See https://kubernetes.io/docs/tasks/tools/.' },
  { names: ['helm'], version: ['version', '--short'], mend: 'See https://helm.sh/docs/intro/install/.' },
  { names: ['openssl'], version: ['version'] },
  { names: ['go'], version: ['version'] },
  { names: ['oc'], version: ['version', '--client'] },
  { names: ['istioctl'], version: ['version', '--remote=false', '--short'] },
  { names: ['terraform'], version: ['version'] },
  { names: ['jq', 'yq', 'curl', 'wget', 'git', 'docker', 'aws', 'gcloud', 'az', 'psql', 'mysql', 'redis-cli', 'python3', 'python', 'node', 'make', 'bash', 'zsh'], version: ['--version'] },
  { names: ['date', 'sed', 'grep', 'egrep', 'fgrep', 'stat', 'base64', 'xargs', 'head', 'tail', 'find', 'cp', 'mktemp', 'du', 'df', 'ls', 'tar', 'cut', 'touch', 'sort', 'awk', 'realpath', 'readlink', 'split', 'ps'], version: ['--version'] },
  { names: ['timeout', 'tac', 'nproc', 'shuf', 'numfmt', 'sha256sum', 'md5sum', 'truncate'], version: ['--version'], mend: 'It is one of GNU coreutils: on macOS `brew install coreutils`, which names it with a g before.' },
  { names: ['ss', 'ip', 'free', 'systemctl', 'journalctl', 'netstat', 'lsof', 'getent', 'watch'], version: ['--version'], mend: 'It belongs to Linux: run it on the host that is meant, for example by ssh or `kubectl exec`.' },
]; // biome-ignore format: a table

export interface GnuOption {
  readonly tool: string;
  /** Whether these arguments need the GNU make of the tool. */
  readonly in: (word: string, index: number, words: readonly (string | null)[]) => boolean;
  readonly what: string;
  readonly mend: string;
}

const starts =
  (...heads: string[]) =>
  (word: string): boolean =>
    heads.some((head) =>
      head.startsWith('--') ? word === head || word.startsWith(`${head}=`) : word === head,
    );
const shortWith = (letters: string) => new RegExp(`^-[A-Za-z]*[${letters}]`);

/** Options that BSD's and macOS' tools do not have, or read in another way. */
export const gnuOptions: readonly GnuOption[] = [
  { tool: 'date', what: '-d', in: (word) => starts('-d', '--date', '--iso-8601', '--rfc-3339')(word) || /^-d\S/.test(word), mend: 'On macOS: `date -v-1H` and the like, or `gdate` of `brew install coreutils`.' },
  { tool: 'date', what: '%N', in: (word) => word.startsWith('+') && word.includes('%N'), mend: 'On macOS `gdate` knows it.' },
  { tool: 'sed', what: '-i without a suffix', in: (word, index, words) => word === '-i' && !(words[index + 1] === '' || /^\.\w+$/.test(words[index + 1] ?? '')), mend: "On macOS: `sed -i ''`." },
  { tool: 'sed', what: '--in-place', in: starts('--in-place', '--regexp-extended'), mend: "On macOS: `sed -i ''`, `sed -E`." },
  { tool: 'grep', what: '-P', in: (word) => /^-[A-Za-z]*P[A-Za-z]*$/.test(word) || word === '--perl-regexp', mend: 'Use -E, or `ggrep` of `brew install grep`.' },
  { tool: 'stat', what: '-c', in: (word) => starts('-c', '--format', '--printf')(word) || /^-c\S/.test(word), mend: 'On macOS: `stat -f`, with other letters.' },
  { tool: 'base64', what: '-w', in: (word) => /^-w/.test(word) || starts('--wrap')(word), mend: 'On macOS leave it out: there is no wrapping.' },
  { tool: 'xargs', what: '-d', in: (word) => /^-d/.test(word) || starts('--delimiter', '--no-run-if-empty', '--max-args', '--max-procs')(word), mend: 'Use `tr` and -0.' },
  { tool: 'head', what: '-n with a minus', in: (word, index, words) => /^(-[nc]-\d|--(lines|bytes)=-)/.test(word) || (/^-[nc]$/.test(word) && /^-\d/.test(words[index + 1] ?? '')), mend: 'Use `sed` for all but the last lines.' },
  { tool: 'find', what: '-printf', in: starts('-printf', '-regextype', '-fprintf'), mend: 'Use -exec stat, or `gfind`.' },
  { tool: 'cp', what: '--parents', in: starts('--parents', '--target-directory', '--archive'), mend: 'On macOS `gcp` of `brew install coreutils`.' },
  { tool: 'mktemp', what: '--suffix', in: starts('--suffix', '--tmpdir', '--directory'), mend: 'Use a template with XXXXXX.' },
  { tool: 'du', what: '--max-depth', in: starts('--max-depth', '-b', '--apparent-size', '--bytes'), mend: 'On macOS: -d.' },
  { tool: 'df', what: '--output', in: starts('--output', '--total', '--human-readable'), mend: 'Use -h and `awk`.' },
  { tool: 'ls', what: '--time-style', in: starts('--time-style', '--full-time', '--group-directories-first'), mend: 'On macOS: -lT.' },
  { tool: 'tail', what: '--pid', in: starts('--pid', '--retry', '--follow'), mend: 'On macOS: -F.' },
  { tool: 'touch', what: '-d', in: starts('-d', '--date'), mend: 'On macOS: -t.' },
  { tool: 'cut', what: '--complement', in: starts('--complement', '--output-delimiter'), mend: 'Use `awk`.' },
  { tool: 'tar', what: '--transform', in: starts('--transform', '--wildcards', '--xform'), mend: 'On macOS: -s, or `gtar`.' },
  { tool: 'sort', what: '--parallel', in: starts('--parallel', '--random-source'), mend: 'Leave it out.' },
  { tool: 'ps', what: '--sort', in: (word) => starts('--sort', '--forest', '--no-headers')(word), mend: 'On macOS: -m or -r, or `sort`.' },
  { tool: 'readlink', what: '-f', in: (word) => shortWith('em').test(word), mend: 'On macOS: `realpath`.' },
]; // biome-ignore format: a table

/** The makes of the common tools that take GNU's options. */
export function isGnu(versionText: string): boolean {
  return /\bGNU\b|\buutils\b|procps/.test(versionText);
}
