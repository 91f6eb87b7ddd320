// What stands in place of kubectl and its like on the session's PATH: a bash script that asks the kernel over
// loopback, with its final arguments and a token, and only then runs the real binary. When the kernel doesn't
// answer it refuses.
//
// The real program is a child, since its exit status has to be told; signals are passed on, and standard input is
// its own.

import { quote } from '../driver.ts';

export interface ShimInit {
  /** Absolute; a bare name is looked up by env. */
  readonly bashPath: string;
  readonly tool: string;
  readonly port: number;
  readonly token: string;
}

export function shimScript({ bashPath, tool, port, token }: ShimInit): string {
  const name = quote(tool);
  return `#!${bashPath} -p
gone() {
  printf '%s\\n' ${quote(`runbook: the kernel does not answer: ${tool} is not run.`)} >&2
  exit 126
}
{ exec 3<>/dev/tcp/127.0.0.1/${port}; } 2>/dev/null || gone
printf '%s\\0' ${token} ${name} "$$" "$PWD" "\${KUBECONFIG+=}\${KUBECONFIG-}" "$PATH" "$#" "$@" >&3 || gone
IFS= read -r answer <&3 || gone
case $answer in
  allow\\ *) real=\${answer#allow } ;;
  missing) printf '%s: command not found\\n' ${name} >&2; exit 127 ;;
  deny\\ *)
    printf 'runbook: %s refused: %s\\n' ${name} "\${answer#deny }" >&2
    # The kernel interrupts the cell now. To die of it, and not before it, keeps bash from going on.
    printf 'told\\n' >&3
    read -r -t 2 answer <&3
    kill -INT $$
    exit 125
    ;;
  *) gone ;;
esac
{ trap - INT QUIT; exec "$real" "$@" 3>&-; } <&0 &
child=$!
for name in TERM HUP USR1 USR2 WINCH; do trap "kill -$name $child 2>/dev/null" "$name"; done
trap : INT QUIT
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
printf '%s\\n' "$code" >&3
case $code in
  130) trap - INT; kill -INT $$ ;;
  143) trap - TERM; kill -TERM $$ ;;
esac
exit "$code"
`;
}
