// Redirections: what a command writes and reads beside its arguments, and what its standard input is.

import type { Node } from 'web-tree-sitter';
import type { Stdin } from './call.ts';
import { type Choice, expandHeredoc, expandString } from './expand.ts';
import type { Risk } from './risk.ts';
import type { Scope } from './scope.ts';
import { heldBackslash } from './shellParser.ts';
import { unknownPart } from './word.ts';

export interface Redirections {
  /** Files written, `unknownPart` for those that are not known. */
  readonly writes: string[];
  readonly reads: string[];
  /** Of those written, what is made anew and not added to. */
  readonly empties: string[];
  stdin?: Stdin;
  /** Arguments that stand behind a redirection: `kubectl >out delete pod x`. */
  readonly extra: Node[];
  /** What stands behind `<<EOF` on its line: `| kubectl apply -f -`. */
  readonly pipedTo: Node[];
  readonly after: Node[];
}

export function readRedirections(nodes: readonly Node[], scope: Scope, choice: Choice): Redirections {
  const found: Redirections = { writes: [], reads: [], empties: [], extra: [], pipedTo: [], after: [] };
  for (const node of nodes) {
    if (node.type === 'file_redirect') readFile(node, found, scope, choice);
    else if (node.type === 'herestring_redirect') {
      const word = node.namedChildren.at(-1);
      const text = word ? expandString(word, scope, choice) : '';
      found.stdin = { kind: 'text', text: `${text}\n` };
    } else if (node.type === 'heredoc_redirect') readHeredoc(node, found, scope, choice);
  }
  return found;
}

function readFile(node: Node, found: Redirections, scope: Scope, choice: Choice): void {
  const operator = node.children.find((child) => child && /[<>]/.test(child.type))?.type ?? '>';
  const [target, ...extra] = node.childrenForFieldName('destination').filter((one) => one !== null);
  if (!target) return;
  let value = expandString(target, scope, choice);
  // The grammar cuts `> $A/x_$B.sql` before `B`: what touches the cut is still the same word.
  while (target.text.endsWith('$') && extra[0] && extra[0].startIndex === target.endIndex) {
    extra.shift();
    value = value.replace(/\$$/, unknownPart);
  }
  found.extra.push(...extra);
  if (/^[<>]&-?$/.test(operator) && /^(\d+|-)?-?$/.test(value)) return;
  if (operator.startsWith('<') && operator !== '<>') {
    found.reads.push(value);
    if (operator === '<' && !node.text.match(/^[1-9]/)) found.stdin = { kind: 'file' };
    return;
  }
  found.writes.push(value);
  if (operator === '>' || operator === '>|') found.empties.push(value);
}

function readHeredoc(node: Node, found: Redirections, scope: Scope, choice: Choice): void {
  const start = node.namedChildren.find((child) => child?.type === 'heredoc_start');
  const body = node.namedChildren.find((child) => child?.type === 'heredoc_body');
  const quoted = start ? /['"\\]/.test(start.text) : false;
  let text = '';
  if (body) text = quoted ? body.text.replace(/\uE000+/g, unknownPart) : expandHeredoc(body, scope, choice);
  if (node.text.replace(/^\d+/, '').startsWith('<<-')) text = text.replace(/^\t+/gm, '');
  text = text.replaceAll(heldBackslash, '\\');
  found.stdin = { kind: 'text', text };
  for (const child of node.namedChildren) {
    if (!child) continue;
    if (child.type === 'file_redirect') readFile(child, found, scope, choice);
    else if (child.type === 'herestring_redirect') continue;
    else if (child.type === 'pipeline')
      found.pipedTo.push(...child.namedChildren.filter((one) => one !== null));
    else if (!/^heredoc_|^file_descriptor$/.test(child.type)) found.extra.push(child);
  }
  for (const right of node.childrenForFieldName('right')) if (right) found.after.push(right);
  const then = new Set(found.after.map((one) => one.id));
  const extra = found.extra.filter((one) => !then.has(one.id));
  found.extra.splice(0, found.extra.length, ...extra);
}

const harmless = /^\/dev\/(null|stdout|stderr|tty|fd\/\S*|zero|full|shm\/.*)$/;
const devices = /^\/dev\/(?!tcp\/|udp\/)/;
const network = /^\/dev\/(tcp|udp|\0)\//;
/** What a shell, git or kubectl reads by itself, wherever it stands. */
const ownFiles =
  /(^|\/)\.(bashrc|bash_(profile|login|logout|aliases)|profile|zshrc|zshenv|ssh\/|kube\/|aws\/|git\/(hooks\/|config$)|gitconfig|runbook\/)/;
const kubeconfig = /^\0\/kubeconfig$|\/runbook-target-[^/]*\//;
const installed =
  /^(\/(etc|usr|bin|sbin|lib\w*|boot|opt|var(?!\/tmp\b)|srv|proc|sys|run)(\/|$)|(~|\$HOME|\/root|\/home\/[^/]+)\/\.)/;

/** What it means to write to this path; null where nothing is kept. */
export function riskOfWriting(written: string): { risk: Risk; why: string } | null {
  const path = straight(written);
  if (kubeconfig.test(path))
    return { risk: 'change', why: `writes ${shownPath(path)}, which says where kubectl goes` };
  if (harmless.test(path)) return null;
  if (network.test(path)) return { risk: 'unknown', why: `opens a network connection (${path})` };
  if (devices.test(path)) return { risk: 'destroy', why: `writes to the device ${path}` };
  if (installed.test(path.replace(/^(\.\.\/)+/, '/')) || ownFiles.test(path))
    return { risk: 'change', why: `writes to ${shownPath(path)}, which others use` };
  return { risk: 'write', why: `writes the file ${shownPath(path)}` };
}

/** `< /dev/tcp/HOST/PORT`. */
export function opensConnection(path: string): boolean {
  return network.test(straight(path));
}

/** Without `//`, `/./` and `/../`, which lead elsewhere than the path's beginning says. */
function straight(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/').slice(path.startsWith('/') ? 1 : 0)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !path.startsWith('/')) parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/') + (/\/$/.test(path) && parts.length ? '/' : '');
}

export function shownPath(path: string): string {
  return path.replaceAll(unknownPart, '…');
}
