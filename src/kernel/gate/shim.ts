// What stands in place of kubectl and its like on the session's PATH: a bash script that asks the kernel over
// loopback, with its final arguments and a token, and only then runs the real binary. When the kernel doesn't
// answer it refuses.
//
// Standard input and process substitutions that the tool reads as a file (`apply -f -`, `-f <(…)`) are put aside
// first, so that the kernel can look at them, and are then handed on as they came.
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
  /** Where input is put aside: a private directory that is there. */
  readonly spool: string;
}

/** Variables by which helm goes to another cluster, or as another user: they make another target of it. */
const helmTarget = `for name in "\${!HELM_KUBE@}"; do [ -z "\${!name}" ] || where+=" $name=\${!name}"; done
`;

export function shimScript({ bashPath, tool, port, token, spool }: ShimInit): string {
  const name = quote(tool);
  return `#!${bashPath} -p
gone() {
  printf '%s\\n' ${quote(`runbook: the kernel does not answer: ${tool} is not run.`)} >&2
  exit 126
}
aside=()
for word in "$@"; do
  case $word in
    -|-f-|*=-|/dev/stdin|*=/dev/stdin|-f/dev/stdin) fd=0 ;;
    /dev/fd/[0-9]*|*=/dev/fd/[0-9]*|-f/dev/fd/[0-9]*) fd=\${word##*/} ;;
    *) continue ;;
  esac
  case $fd in *[!0-9]*) continue ;; esac
  case " \${aside[*]} " in *" $fd "*) continue ;; esac
  file=${quote(spool)}/$$.$fd
  (umask 077; command -p cat <&"$fd" >"$file") 2>/dev/null || gone
  eval "exec $fd"'<"$file"' || gone
  aside+=("$fd" "$file")
done
{ exec 3<>/dev/tcp/127.0.0.1/${port}; } 2>/dev/null || gone
where=\${KUBECONFIG+=}\${KUBECONFIG-}
${tool === 'helm' ? helmTarget : ''}printf '%s\\0' ${token} ${name} "$$" "$PWD" "$where" "$PATH" "$#" "$@" "\${#aside[@]}" "\${aside[@]}" >&3 || gone
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
  # Only a signal that was passed on ends the waiting before the child has ended.
  ((code > 128)) && kill -0 "$child" 2>/dev/null || break
done
printf '%s\\n' "$code" >&3
case $code in
  130) trap - INT; kill -INT $$ ;;
  143) trap - TERM; kill -TERM $$ ;;
esac
exit "$code"
`;
}
