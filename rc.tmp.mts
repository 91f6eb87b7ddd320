import { startPracticeCluster } from '/work/wt/practice/src/practice/startPracticeCluster.ts';
import { parseDocument } from '/work/wt/cluster/src/document/parseDocument.ts';
import { readFileSync, readdirSync, mkdtempSync } from 'node:fs';
import { spawn } from 'node:child_process';
const dir = mkdtempSync('/tmp/rc-');
const p = await startPracticeCluster({ runtimeDirectory: dir });
await new Promise(r => setTimeout(r, 6000));
const folder = '/work/wt/cluster/runbooks';
let ok = 0; const bad: string[] = []; const skipped: string[] = [];
for (const f of readdirSync(folder).filter(n => n.endsWith('.runbook.md'))) {
  const doc = parseDocument(readFileSync(`${folder}/${f}`));
  for (const c of doc.cells) {
    if (!c.executable || c.language !== 'bash') continue;
    const t = c.text;
    if (/<[a-z]+(-[a-z]+)*>|\[INC|curl (--|-s)|set image|CHAT_WEBHOOK|NEW_SECRETS/.test(t.replace(/kubectl exec.*curl.*/g, '')) || !/Option A|scale|delete|apply|patch|rollout (undo|restart)|set |annotate|label |restore|set-mode/.test(t)) { skipped.push(c.attributes.name!); continue; }
    const r: any = await new Promise(res => { const ch = spawn('bash', ['-o','pipefail','-e','-c', t], { cwd: folder, env: { ...process.env, KUBECONFIG: p.kubeconfigPath, BACKUP_DIR: dir + '/b', ARCHIVE_DIR: dir + '/a', KEEP_DAYS: '30' } }); let e = ''; ch.stderr.on('data', d => e += d); ch.stdout.on('data', () => {}); const tm = setTimeout(() => ch.kill(), 40000); ch.on('close', code => { clearTimeout(tm); res({ code, e }); }); });
    if (r.code === 0) ok++; else bad.push(`${f} ${c.attributes.name}: ${r.code} ${r.e.trim().split('\n').slice(-2).join(' / ').slice(0, 200)}`);
  }
}
console.log('ok', ok, 'skipped', skipped.length); console.log(bad.join('\n'));
await p.dispose(); process.exit(0);
