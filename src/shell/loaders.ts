// Variables that change what a command runs: other code, another program of the same name, past the gate.

/** `NAME=`, `NAME+=`, `NAME[0]=`. */
const sets = String.raw`(\[[^\]]*\])?\+?=`;
/** Their value is code, or names it, or is options that may. */
const code = new RegExp(
  `^(LD_\\w+|DYLD_\\w+|BASH_(ENV|ALIASES|CMDS|LOADABLES_PATH)|ENV|PROMPT_COMMAND|PYTHON(STARTUP|PATH|HOME)|PERL5(OPT|LIB|DB)|RUBY(OPT|LIB)|NODE_(OPTIONS|PATH)|JAVA_TOOL_OPTIONS|GIT_(SSH|SSH_COMMAND|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND|EXEC_PATH|TEMPLATE_DIR|CONFIG\\w*)|SSH_ASKPASS|SUDO_ASKPASS|KUBECTL_(EXTERNAL_DIFF|PLUGINS_PATH)|KUBERC|HELM_PLUGINS|LESSOPEN|LESSCLOSE|OPENSSL_(CONF|MODULES|ENGINES)|GCONV_PATH|GLIBC_TUNABLES|TAR_OPTIONS|RSYNC_RSH|CURL_HOME|WGETRC|PSQLRC|TF_CLI_(ARGS\\w*|CONFIG_FILE))${sets}`,
);
/** Their value is a program that shows or edits. */
const program =
  /^(\w+_)?(PAGER|EDITOR|VISUAL)\+?=["']?(?!["']?$|(\/usr\/bin\/)?(cat|less|more|most|bat|vim?|nvim|nano|emacs|true|code)( -[-\w]+)*["']?$)/;
/** What bash expands before each command of `set -x`, each command or each prompt: only where it tells the place is it none. */
const prompt =
  /^PS[0124]\+?=[\s\S]*(\0|`|\$(?!\{?(BASH_SOURCE|BASH_LINENO|BASHPID|LINENO|FUNCNAME|EPOCHREALTIME|EPOCHSECONDS|SECONDS)\b)[^'"\s])/;
/** Programs are looked for in a folder that anybody writes, or that goes with the directory. */
const path = /^PATH\+?=["']?(\/tmp|\/var\/tmp|\/dev\/shm|[^/$~"'])/;

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
