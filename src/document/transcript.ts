// Commands with their prompts and old output, as people paste them. What runs is what stands behind a prompt,
// with its continuation lines; output never runs.

import { startsLikeCommand } from './commandWords.ts';
import { continuationEnd } from './continuation.ts';
import { isOutputStart } from './foreignContent.ts';

export interface Transcript {
  /** Whether prompts were found: then only lines behind a prompt are commands. */
  readonly prompted: boolean;
  /** What each line runs, its prompt cut; undefined for lines that do not run. */
  readonly commands: readonly (string | undefined)[];
  /** Characters of prompt cut from each line. */
  readonly cuts: readonly number[];
  /** A line typed inside a shell that an earlier line opens elsewhere (`oc debug`, `ssh`), from 0. */
  readonly remoteFrom?: number;
}

const prompt = new RegExp(
  [
    String.raw`\$>?(?=[ \t]|$)`, // $ cmd, $> cmd
    String.raw`[❯➜»›](?=[ \t]|$)`,
    String.raw`%(?=[ \t]+[A-Za-z./])`, // % cmd
    String.raw`(?:sh|bash|zsh|ash|ksh)(?:-\d+(?:\.\d+)*)?[$#%](?=[ \t]|$)`, // sh-4.4#
    String.raw`\[?[\w.+-]+@[\w.-]+[^\s$#%>]{0,80}(?:[ \t]+[^\s$#%>]{1,80})?[ \t]*\]?[$#%❯](?=[ \t]|$)`, // [user@host dir]$
    String.raw`[\w.-]+:[~/][\w/.~-]*[ \t]?[$#%](?=[ \t]|$)`, // host:~$
    String.raw`[~/][\w/.-]*[ \t][$#%](?=[ \t]|$)`, // / #
    String.raw`[a-z][\w.-]*\$(?=[ \t])`, // host$
    String.raw`root#(?=[ \t])`,
  ].join('|'),
  'y',
);
const lead = /[ \t]*(?:\([\w.-]+\)[ \t]+)?/y;
const opensShell =
  /\b(?:oc|kubectl)\s+(?:[^|;&]*\s)?(?:debug|rsh)\b(?!.*\s--\s)|\b(?:kubectl|oc|docker|podman|crictl)\s.*\bexec\b.*\s(?:\/bin\/)?(?:ba|z|a)?sh\s*$|^\s*(?:sudo\s+)?(?:chroot\s+\S+|su\b.*|ssh\s+(?:-\S+(?:\s+\d+)?\s+)*\S+)\s*$/;

/** Whether any line bears a prompt. Cheap where none does. */
export function hasPrompts(text: string): boolean {
  return /[$#%❯➜»›]/.test(text) && text.split('\n').some((line) => promptLength(line, false) > 0);
}

export function transcriptOf(text: string): Transcript {
  const lines = text.split('\n');
  const commands: (string | undefined)[] = new Array<string | undefined>(lines.length).fill(undefined);
  const cuts: number[] = new Array<number>(lines.length).fill(0);
  if (!hasPrompts(text)) return unprompted(lines, cuts);
  let remoteFrom: number | undefined;
  let opened = false;
  for (let at = 0; at < lines.length; ) {
    const cut = promptLength(lines[at]!, opened);
    if (cut === 0) {
      at++;
      continue;
    }
    if (opened && remoteFrom === undefined && lines[at]!.slice(cut).trim()) remoteFrom = at;
    const isPrompt = (line: string): boolean => promptLength(line, opened) > 0;
    const end = continuationEnd(lines, at, cut, isPrompt);
    for (let line = at; line < end; line++) {
      cuts[line] = line === at ? cut : secondaryLength(lines[line]!);
      commands[line] = lines[line]!.slice(cuts[line]);
    }
    if (opensShell.test(commands[at]!)) opened = true;
    at = end;
  }
  return { prompted: true, commands, cuts, ...(remoteFrom === undefined ? {} : { remoteFrom }) };
}

/** `> ` before a continuation line is the shell's second prompt. */
function secondaryLength(line: string): number {
  return /^[ \t]*>(?: |$)/.exec(line)?.[0].length ?? 0;
}

/** Characters up to where the command starts; 0 without a prompt. `# ` is one only where a root shell is open. */
function promptLength(line: string, rootOpen: boolean): number {
  lead.lastIndex = 0;
  const start = lead.exec(line)![0].length;
  prompt.lastIndex = start;
  const match = prompt.exec(line);
  let end = match ? prompt.lastIndex : 0;
  if (!match && rootOpen && /^#[ \t]+\S/.test(line.slice(start))) end = start + 1;
  if (end === 0) return 0;
  while (line[end] === ' ' || line[end] === '\t') end++;
  return end;
}

/** Without prompts all lines run, but what surely is a command's output. */
function unprompted(lines: readonly string[], cuts: readonly number[]): Transcript {
  const commands: (string | undefined)[] = [];
  let seenCommand = false;
  let inOutput = false;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    if (line.trim() === '' || line.trimStart().startsWith('#')) inOutput = false;
    else if (inOutput) inOutput = !startsLikeCommand(line);
    else if (seenCommand && isOutputStart(line)) inOutput = true;
    if (inOutput) {
      commands.push(undefined);
      at++;
      continue;
    }
    if (startsLikeCommand(line)) seenCommand = true;
    const end = continuationEnd(lines, at, 0, () => false);
    for (; at < end; at++) commands.push(lines[at]);
  }
  return { prompted: false, commands, cuts };
}
