// Variables that change what a command runs: other code, another program of the same name, past the gate.

/** Their value is code, or names it. */
const code =
  /^(LD_\w+|DYLD_\w+|BASH_ENV|ENV|PROMPT_COMMAND|PYTHONSTARTUP|PERL5OPT|RUBYOPT|NODE_OPTIONS|JAVA_TOOL_OPTIONS|GIT_SSH|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|GIT_ASKPASS|SSH_ASKPASS|SUDO_ASKPASS|KUBECTL_EXTERNAL_DIFF|LESSOPEN|LESSCLOSE)=/;
/** Their value is a program that shows or edits. */
const program =
  /^((GIT_|MAN|KUBE_|GIT_SEQUENCE_)?(PAGER|EDITOR)|VISUAL)=["']?(?!["']?$|(\/usr\/bin\/)?(cat|less|more|most|bat|vim?|nvim|nano|emacs|true|code)( -[-\w]+)*["']?$)/;
/** What bash expands before each command of `set -x`, or each command. */
const prompt = /^PS[04]=[\s\S]*(\$\(|`)/;
/** Programs are looked for in a folder that anybody writes, or that goes with the directory. */
const path = /^PATH=["']?(\/tmp|\/var\/tmp|\/dev\/shm|[^/$~"'])/;

/** Whether an assignment (`NAME=value`, with or without its quotes) makes what runs after it run other code. */
export function isLoader(assignment: string): boolean {
  return [code, program, prompt, path].some((pattern) => pattern.test(assignment));
}

/** Variables whose change leads past the gate. */
export function environmentGaps(names: readonly string[]): string[] {
  const gaps: string[] = [];
  if (names.includes('PATH')) gaps.push('PATH is changed, so the gate may not be the first on it');
  if (names.some((name) => /^(https?|no|all)_proxy$/i.test(name)))
    gaps.push('the proxy is changed, past the gate');
  return gaps;
}
