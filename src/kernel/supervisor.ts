// A bash outside of the host's process group that ends the session when the host is gone, by SIGKILL too: its
// standard input is a pipe from the host, and the end of that pipe is the order. It also makes the FIFOs, which
// Node can't.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RunbookError } from '../base/runbookError.ts';

/**
 * Reads orders a line each: `mark TEXT` (what the session's processes have in their environment), `group PID`,
 * `fifo NAME…` (answers a line), `drop DIRECTORY` (goes at the end too), `keep` (leave the directory). At the end of
 * input: SIGTERM, SIGKILL after 2 s.
 */
export const supervisorScript = String.raw`
# The host reads the FIFOs, so it is found by its descriptors: never signal it ($PPID).
trap '' INT TERM HUP QUIT PIPE
groups=' ' mark= keep= drop=()
while IFS= read -r order; do
  case $order in
    mark\ *) mark=\${order#mark } ;;
    group\ *) groups+="\${order#group } " ;;
    fifo\ *) IFS=' ' read -r -a names <<<"\${order#fifo }" && mkfifo -m 600 "\${names[@]}" && echo done || echo failed ;;
    drop\ /*) drop+=("\${order#drop }") ;;
    keep) keep=1 ;;
  esac
done
exec >/dev/null 2>&1
find_them() {
  them=
  local stat rest file pid
  for stat in /proc/[0-9]*/stat; do
    { read -r -d '' rest <"$stat"; } 2>/dev/null
    pid=\${rest%% *}
    rest=\${rest##*) }
    set -f; set -- $rest; set +f
    [ "$1" = Z ] && continue
    case $groups in *" $3 "* | *" $4 "*) them+=" $pid" ;; esac
  done
  for file in $(grep -lsF "$mark" /proc/[0-9]*/environ) $(find /proc/[0-9]*/fd -lname "$PWD/*" 2>/dev/null); do
    file=\${file#/proc/}
    them+=" \${file%%/*}"
  done
  [ -d /proc/self ] || for pid in $groups; do kill -0 "-$pid" && them+=" -$pid"; done
}
signal() {
  local pid alive=1
  for pid in $them; do
    [ "$pid" = $$ ] || [ "$pid" = $PPID ] || { kill -s "$1" -- "$pid" && alive=0; }
  done
  return $alive
}
find_them
# An interactive bash heeds only the hang-up; what is stopped has to go on to end.
if signal TERM; then
  signal HUP
  signal CONT
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    signal 0 || break
    sleep 0.1
  done
fi
for _ in 1 2 3 4 5 6 7 8 9 10; do
  find_them
  signal KILL || break
  sleep 0.05
done
[ -n "$keep" ] || rm -rf -- "$PWD"
[ -z "\${drop[*]}" ] || rm -rf -- "\${drop[@]}"
`.replaceAll('\\$', '$');

export class Supervisor {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((line: string) => void)[] = [];
  readonly exited: Promise<void>;
  #gone = false;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.exited = new Promise((resolve) => {
      child.once('close', () => {
        this.#gone = true;
        for (const answer of this.#waiting.splice(0)) answer('gone');
        resolve();
      });
    });
    child.stdin.on('error', () => {});
    child.stderr.resume();
    createInterface({ input: child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
  }

  /** `directory` is the private runtime directory: FIFOs are made in it, and it goes when the session does. */
  static start(bashPath: string, directory: string, mark: string): Supervisor {
    const child = spawn(bashPath, ['--norc', '--noprofile', '-c', supervisorScript, 'runbook-supervisor'], {
      cwd: directory,
      detached: true,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.on('error', () => {});
    const supervisor = new Supervisor(child);
    supervisor.#order(`mark ${mark}`);
    return supervisor;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  #order(line: string): void {
    if (!this.#gone) this.#child.stdin.write(`${line}\n`);
  }

  /** Makes FIFOs; names are relative to the runtime directory and hold no blanks. */
  async makeFifos(names: readonly string[]): Promise<void> {
    const answer = this.#gone
      ? 'gone'
      : await new Promise<string>((resolve) => {
          this.#waiting.push(resolve);
          this.#order(`fifo ${names.join(' ')}`);
        });
    if (answer === 'gone') {
      throw new RunbookError({
        code: 'kernel-no-bash',
        message: "The session's supervisor, a bash, is not running.",
        mend: 'Is bash installed and on the PATH?',
      });
    }
    if (answer !== 'done') {
      throw new RunbookError({
        code: 'kernel-no-fifo',
        message: "The session's pipes could not be made.",
        mend: 'Is mkfifo installed, and is there room for temporary files?',
      });
    }
  }

  /** Another process group that goes down with the session. */
  addGroup(pid: number): void {
    this.#order(`group ${pid}`);
  }

  /** Another private directory, by its absolute path, that goes when the session does, however the host ends. */
  drop(directory: string): void {
    this.#order(`drop ${directory}`);
  }

  /** Ends every process of the session and removes the directory; resolves when none is left. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.exited;
  }
}
