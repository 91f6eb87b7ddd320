// Content under a shell tag that is no shell: logs, manifests, queries, tables, trees. Told from commands by what
// its lines look like. When in doubt it is taken for commands: the guard judges those before they run.

import { looksLikeProse, startsLikeCommand } from './commandWords.ts';

interface LineKind {
  /** What it is, as in "This looks like …". */
  readonly name: string;
  readonly test: RegExp;
  /** May follow a command without a prompt, as its output. */
  readonly output?: boolean;
}

const lineKinds: readonly LineKind[] = [
  { name: 'text with parts left out', test: /^\s*(?:\.{3,}|\u2026|\[\.{3}\])\s*$/, output: true },
  {
    name: 'log lines',
    test: /^\s*(?:[IWEF]\d{4}\s\d\d:\d\d:\d\d|\[?"?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|time="?\d\S* |ts="?\d\S* |level=\w+ +\w+=|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d+\s\d\d:\d\d:\d\d\s|\[?\d\d:\d\d:\d\d[\].,\s]|\[\s*\d+\.\d{6}\]\s|\[?(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE|CRITICAL)\]?[:\s]|(?:ERRO|WARN|INFO|DEBU|FATA|PANI|TRAC)\[\d+\]|(?:\d+ +)?\w+\.go:\d+\] |\d{1,3}(?:\.\d{1,3}){3} - )/,
    output: true,
  },
  {
    name: 'a stack trace',
    test: /^(?:panic:|goroutine \d+ \[|Traceback \(most|\s+at [\w.$<>]+\(|Caused by:|Exception in thread|fatal error:)/,
    output: true,
  },
  {
    name: 'an error message',
    test: /^(?:error:|Error:|Error from server|ERROR:|Warning:|E: |fatal: |curl: \(\d+\)|Unable to |Failed to |The connection to )/,
    output: true,
  },
  {
    name: 'a table or tree drawn with characters',
    test: /[\u2500-\u257f]|^\s*\+[-=+]{4,}\+?\s*$|^\s*\|.*\|\s*$|^\s*[|`]-- /,
    output: true,
  },
  {
    name: "a command's output in columns",
    // One space between is enough where kubectl's first column is named.
    test: /^\s*NAME(?:SPACE)?(?: [A-Z][A-Z0-9()/_%-]*){2,}\s*$|^\s*[A-Z][A-Z0-9()/_%.-]*(?: [A-Z()/-]+)*(?:(?:\s{2,}|\t)[A-Z][A-Za-z0-9()/_%.-]*(?: [A-Z()/-]+)*){1,}\s*$|^(?:Normal|Warning)\s{2,}\w+|^(?:\d+[smhd])+\s{2,}(?:Normal|Warning)\s/,
    output: true,
  },
  {
    name: 'PromQL',
    test: /^\s*(?:(?:sum|rate|irate|avg|max|min|count|topk|bottomk|histogram_quantile|increase|absent|absent_over_time|delta|deriv|predict_linear|label_replace|(?:avg|max|min|sum|count)_over_time|quantile|stddev|changes|resets|time|vector|scalar|sort(?:_desc)?)\s*(?:\(|(?:by|without)\s*\()|[a-z_][\w:]*\s*\{[^}]*=[~"'][^}]*\}?|[a-z_][\w:]*(?:\{[^}]*\})?\[\d+[smhdwy]|[a-z]\w*(?:[_:]\w+)+\s*(?:[<>]=?|==|!=)\s*[\d.]+\s*$)/,
  },
  {
    name: 'PromQL',
    // Its parts on lines of their own, a metric alone, and metrics that are reckoned with.
    test: /^\s*\(+\s*(?:sum|rate|irate|avg|max|min|count|topk|increase|delta|absent)\s*\(|^\s*\)*\s*(?:without|by|on|ignoring|group_left|group_right)\s*\(|^\s*(?:and|or|unless)\s+(?:on|ignoring)\s*\(|^\s*\(*[a-z]\w*?(?:_[a-z0-9]+){2,}(?:\{[^}]*\})?\s*[-+*/]\s*(?:on\b|ignoring\b|\(|[a-z]\w*_\w|\d)|^\s*[a-z][a-z0-9]*(?:_[a-z0-9]+)+_(?:bytes|total|seconds|bucket)\s*$/,
  },
  {
    name: 'what is typed into another program',
    test: /^\s*(?:\w[\w-]*[=(-][#>]|(?:mysql|redis|gpg(?:\/card)?|\w+:(?:PRIMARY|SECONDARY)|sqlite|s?ftp|mongo\w*|cqlsh\S*|irb\S*|lldb|\(?gdb\)?|MariaDB \[\S*\]|\d+\.\d+\.\d+\.\d+:\d+(?:\[\d+\])?|\[\d+\] pry\(\w+\))[>)]|>>>)(?:\s|$)/,
    output: true,
  },
  {
    // To bash it is a file that is emptied, named like the command.
    name: 'commands behind a `>`, the prompt of another program',
    test: /^\s*> ?[A-Za-z][\w-]*(?: [^|&;<>]*)?$/,
  },
  { name: 'an answer of Redis', test: /^\s*\d+\) (?:\d+\) )*(?:"|\(integer\)|\(nil\))/, output: true },
  {
    // bash would take the asterisk for the names of all files, and run the first.
    name: 'a list',
    test: /^\s*[-*\u2022] +[A-Za-z`"'<]/,
    output: true,
  },
  { name: 'comments of another language', test: /^\s*\/\/ / },
  { name: 'JSON', test: /^\s*(?:[{[]\s*$|[}\]],?\s*$|"[^"]*"\s*:\s|\{\s*"[^"]*"\s*:)/, output: true },
  {
    name: 'YAML',
    test: /^\s*(?:- )*["']?[A-Za-z_][\w./-]*["']?:(?:\s+[^\s/].*|\s*)$|^---\s*$|^\s*- ["']?[\w{./-]+["']?\s*$/,
    output: true,
  },
  {
    name: 'a description in `Key: value` lines',
    test: /^\s*[A-Z][\w()/ -]*:(?:\s{2,}\S.*|\s*)$/,
    output: true,
  },
  {
    name: 'SQL',
    test: /^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (?:TABLE|INDEX|USER|ROLE)|ALTER|DROP|GRANT|WITH \w+ AS|FROM|WHERE|ORDER BY|GROUP BY)\b/,
  },
  {
    name: 'what `ls -l` prints',
    test: /^\s*(?:[-dlbcps][rwxsStT-]{9}[@+.]?\s+\d+\s|total \d+[KMGT]?$)/,
    output: true,
  },
  { name: 'HTTP', test: /^(?:HTTP\/\d|(?:GET|POST|PUT|DELETE|PATCH|HEAD) \/)/, output: true },
  { name: 'XML or HTML', test: /^\s*<(?:\?xml|!--|\/?[A-Za-z][\w:-]*(?:\s+[\w:-]+=["'][^>]*|\s*\/)?>)/ },
  { name: 'a configuration file', test: /^\s*(?:\[[\w. "-]+\]\s*$|[A-Za-z_][\w.-]* = \S)/ },
  { name: 'an address', test: /^\s*(?:https?|s3|gs|postgres(?:ql)?):\/\/\S+\s*$/ },
  { name: 'a difference', test: /^(?:@@ .* @@|diff --git |\+\+\+ |--- [ab]\/)/ },
];

/** Lines that bash would take for assignments. */
const keyValueLog = /^\s*(?:level|time|ts|msg)=\S+ +(?:level|msg|caller|ts|time|logger|source|err|error)=/;

/** What a text without prompts is, where it surely is no shell; undefined for commands. */
export function foreignContent(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*#(?!!)/.test(line));
  if (lines.length === 0) return undefined;
  if (startsLikeCommand(lines[0]!) && !keyValueLog.test(lines[0]!)) return undefined;
  if (isJson(text)) return 'JSON';
  const votes = new Map<string, number>();
  let commands = 0;
  let prose = 0;
  for (const line of lines) {
    const kind = kindOfLine(line);
    if (kind) votes.set(kind, (votes.get(kind) ?? 0) + 1);
    else if (startsLikeCommand(line)) commands++;
    else if (looksLikeProse(line)) prose++;
  }
  const [best, count] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  const foreign = [...votes.values()].reduce((sum, one) => sum + one, 0);
  const first = kindOfLine(lines[0]!);
  if (foreign > commands && foreign + prose >= lines.length / 2) return count > 1 ? best : (first ?? best);
  if (first && foreign >= commands && commands * 3 <= lines.length) return first;
  if (prose * 2 > lines.length && commands === 0) return 'prose';
  return undefined;
}

export function isOutputStart(line: string): boolean {
  return lineKinds.some((kind) => kind.output && kind.test.test(line)) && !startsLikeCommand(line);
}

function kindOfLine(line: string): string | undefined {
  return lineKinds.find((kind) => kind.test.test(line))?.name;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return /^\s*(?:\{\s*["}]|\[\s*[{"\]\d])/.test(text) && /[}\]]\s*$/.test(text);
  }
}
