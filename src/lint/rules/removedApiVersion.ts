// API versions that Kubernetes removed, in manifests of fences and heredocs. From the project's deprecation guide.

import type { Problem } from '../../base/problem.ts';
import type { LintRule } from '../lintRule.ts';

interface Removed {
  readonly version: RegExp;
  /** Only of this kind. */
  readonly kind?: RegExp;
  readonly since: string;
  readonly now: string;
  /** The new version takes the very same fields. */
  readonly sure?: boolean;
}

const removed: readonly Removed[] = [
  { version: /^extensions\/v1beta1$/, since: '1.22', now: 'apps/v1 or networking.k8s.io/v1' },
  { version: /^apps\/v1beta[12]$/, since: '1.16', now: 'apps/v1' },
  { version: /^networking\.k8s\.io\/v1beta1$/, since: '1.22', now: 'networking.k8s.io/v1' },
  { version: /^rbac\.authorization\.k8s\.io\/v1(alpha|beta)1$/, since: '1.22', now: 'rbac.authorization.k8s.io/v1', sure: true },
  { version: /^apiextensions\.k8s\.io\/v1beta1$/, since: '1.22', now: 'apiextensions.k8s.io/v1' },
  { version: /^admissionregistration\.k8s\.io\/v1beta1$/, kind: /WebhookConfiguration/, since: '1.22', now: 'admissionregistration.k8s.io/v1' },
  { version: /^certificates\.k8s\.io\/v1beta1$/, since: '1.22', now: 'certificates.k8s.io/v1' },
  { version: /^coordination\.k8s\.io\/v1beta1$/, since: '1.22', now: 'coordination.k8s.io/v1', sure: true },
  { version: /^scheduling\.k8s\.io\/v1(alpha|beta)1$/, kind: /PriorityClass/, since: '1.22', now: 'scheduling.k8s.io/v1', sure: true },
  { version: /^storage\.k8s\.io\/v1beta1$/, kind: /CSIDriver|CSINode|StorageClass|VolumeAttachment/, since: '1.22', now: 'storage.k8s.io/v1', sure: true },
  { version: /^batch\/v(1beta1|2alpha1)$/, since: '1.25', now: 'batch/v1', sure: true },
  { version: /^discovery\.k8s\.io\/v1beta1$/, since: '1.25', now: 'discovery.k8s.io/v1' },
  { version: /^events\.k8s\.io\/v1beta1$/, since: '1.25', now: 'events.k8s.io/v1' },
  { version: /^autoscaling\/v2beta[12]$/, since: '1.25 and 1.26', now: 'autoscaling/v2' },
  { version: /^policy\/v1beta1$/, kind: /PodDisruptionBudget/, since: '1.25', now: 'policy/v1' },
  { version: /^policy\/v1beta1$/, kind: /PodSecurityPolicy/, since: '1.25', now: 'nothing: Pod Security admission takes its place' },
  { version: /^flowcontrol\.apiserver\.k8s\.io\/v1beta[123]$/, since: '1.26 to 1.32', now: 'flowcontrol.apiserver.k8s.io/v1' },
]; // biome-ignore format: a table

export const removedApiVersion: LintRule = {
  codes: ['removed-api-version'],
  check({ outline, lines }) {
    return outline.fences.flatMap((fence) => {
      const found: Problem[] = [];
      for (let line = fence.line + 1; line < fence.endLine; line++) {
        const text = lines[line] ?? '';
        const match = /^[\s>-]*apiVersion:\s*["']?([\w./]+)["']?\s*$/.exec(text);
        if (!match) continue;
        const kind = kindBeside(lines, line);
        const old = removed.find((one) => one.version.test(match[1]!) && (!one.kind || one.kind.test(kind)));
        if (!old) continue;
        const character = text.indexOf(match[1]!);
        const range = { line, character, endLine: line, endCharacter: character + match[1]!.length };
        found.push({
          code: 'removed-api-version',
          message: `\`${match[1]}\` was removed in Kubernetes ${old.since}: it is ${old.now} now`,
          severity: 'error',
          range,
          ...(old.sure && { fix: { title: `Write ${old.now}`, range, text: old.now } }),
        });
      }
      return found;
    });
  },
};

function kindBeside(lines: readonly string[], line: number): string {
  for (const other of [line + 1, line - 1]) {
    const match = /^[\s>-]*kind:\s*["']?(\w+)/.exec(lines[other] ?? '');
    if (match) return match[1]!;
  }
  return '';
}
