// Every system of the practice cluster, the platform first.

import { platform } from './platform.ts';
import type { PracticeSystem } from './system.ts';

export const allSystems: readonly PracticeSystem[] = [platform];
