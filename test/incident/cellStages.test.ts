// Which commands of a cell run in the session, beside it, in a terminal, and which are held.

import assert from 'node:assert/strict';
import { type StageWishes, stagesOf, textOfStages } from '../../src/incident/cellStages.ts';
import { shellParser } from '../../src/incident/shellTools.ts';
import { assess } from '../../src/shell/assess.ts';

async function cut(text: string, wishes: StageWishes = {}): Promise<{ stages: string[]; held: string }> {
  const found = stagesOf(text, assess(await shellParser(), text), wishes);
  const lines = text.split('\n');
  return {
    stages: found.stages.map(
      ({ kind, text: own }) => `${kind}: ${own.split('\n').filter(Boolean).join('; ')}`,
    ),
    held: found.held ? lines.slice(...found.held.lines).join('; ') : '',
  };
}

describe('the stages of a cell', () => {
  const cases: Record<string, { text: string; wishes?: StageWishes; stages: string[]; held?: string }> = {
    'what ends by itself runs in the session': {
      text: 'a=1\nkubectl get pods\nsleep 5 && kubectl get pods',
      stages: ['session: a=1; kubectl get pods; sleep 5 && kubectl get pods'],
    },
    'a tunnel runs beside, what is before it in the session, what follows is held': {
      text: '# look\nPOD=$(kubectl get pod -o name)\nkubectl port-forward "$POD" 8080:80\n# then\ncurl localhost:8080\ncurl localhost:8080/x',
      stages: [
        'session: # look; POD=$(kubectl get pod -o name)',
        'beside: kubectl port-forward "$POD" 8080:80',
      ],
      held: '# then; curl localhost:8080; curl localhost:8080/x',
    },
    'a loop that follows logs is one command': {
      text: 'for p in a b; do\n  kubectl logs -f $p\ndone\necho done',
      stages: ['beside: for p in a b; do;   kubectl logs -f $p; done'],
      held: 'echo done',
    },
    'what bash puts into the background itself, what has a limit, and what is cut short blocks nothing': {
      text: 'kubectl port-forward svc/a 1:1 &\ntimeout 5 kubectl logs -f x\nkubectl logs -f x | head -5\ntail -f x | grep -m1 ready\necho on',
      stages: [
        'session: kubectl port-forward svc/a 1:1 &; timeout 5 kubectl logs -f x; kubectl logs -f x | head -5; tail -f x | grep -m1 ready; echo on',
      ],
    },
    'a loop without a way out': {
      text: 'while true; do kubectl get pods; sleep 5; done\necho after',
      stages: ['beside: while true; do kubectl get pods; sleep 5; done'],
      held: 'echo after',
    },
    'a loop with one': {
      text: 'while true; do kubectl get pods && break; sleep 5; done\necho after',
      stages: ['session: while true; do kubectl get pods && break; sleep 5; done; echo after'],
    },
    'a shell in a pod wants a terminal': {
      text: 'kubectl get pods\nkubectl exec -it pod -- sh\nkubectl get pods',
      stages: ['session: kubectl get pods', 'terminal: kubectl exec -it pod -- sh'],
      held: 'kubectl get pods',
    },
    'a REPL, an editor and a remote shell do, a pager and a command in a pod do not': {
      text: 'less x\nkubectl exec -it pod -- ls\npsql -c "select 1"\npsql',
      stages: ['session: less x; kubectl exec -it pod -- ls; psql -c "select 1"', 'terminal: psql'],
    },
    'the author runs all of it beside': {
      text: 'a=1\n./serve "$a"',
      wishes: { background: true },
      stages: ['beside: a=1; ./serve "$a"'],
    },
    'the author runs it beside, and still nothing runs after what blocks': {
      text: 'a=1\ntail -f x\necho after',
      wishes: { background: true },
      stages: ['beside: a=1; tail -f x'],
      held: 'echo after',
    },
    'the author knows better': {
      text: 'tail -f x\necho after',
      wishes: { background: false },
      stages: ['session: tail -f x; echo after'],
    },
    'the author asks for a terminal': {
      text: './wizard --ask',
      wishes: { interactive: true },
      stages: ['terminal: ./wizard --ask'],
    },
    'the author says that it needs none': {
      text: 'psql < script.sql\npsql',
      wishes: { interactive: false },
      stages: ['session: psql < script.sql; psql'],
    },
  };
  for (const [name, { text, wishes, stages, held = '' }] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual(await cut(text, wishes), { stages, held }));
  }

  it('keep the lines of the cell, so that messages name them', async () => {
    const text = 'true\nkubectl logs -f x\necho held';
    const found = stagesOf(text, assess(await shellParser(), text), {});
    assert.equal(found.stages[1]!.text, '\nkubectl logs -f x\n');
    assert.equal(textOfStages(found, text), 'true\nkubectl logs -f x\n');
  });
});
