// Where the practice cluster of this user keeps its kubeconfig and state.

import os from 'node:os';
import path from 'node:path';
import { stateDirectory } from '../evidence/write/evidenceRoot.ts';

export function practicePlace(env: Readonly<Record<string, string | undefined>>): string {
  return path.join(stateDirectory({ env, home: os.homedir() }), 'practice');
}
