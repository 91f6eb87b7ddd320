// What the fuzzing of risk wraps, and in what.

import { readFileSync } from 'node:fs';
import path from 'node:path';

export const options = { deadlineMs: 5000 };

/** One simple command a line, without what a quoting wrapper could not hold. */
export const commands = ['kubectl', 'tools', 'shell'].flatMap((name) =>
  readFileSync(path.resolve(import.meta.dirname, `../fixtures/shell/${name}.tsv`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t')[1]!)
    .filter(
      (command) =>
        /^[a-z][\w-]* [\w ./:=,-]*$/.test(command) &&
        !/^(export|set|cd|exit|coproc|time|if|for|while|case|source|history|type|trap|alias) ?/.test(command),
    ),
);

export const wrappers: readonly ((command: string) => string)[] = [
  (command) => `sudo ${command}`,
  (command) => `sudo -n -u root ${command}`,
  (command) => `env A=b ${command}`,
  (command) => `timeout 10 ${command}`,
  (command) => `nohup ${command}`,
  (command) => `nice -n 5 ${command}`,
  (command) => `xargs ${command}`,
  (command) => `find . -exec ${command} \\;`,
  (command) => `bash -c '${command}'`,
  (command) => `bash -c "${command}"`,
  (command) => `sh <<'EOF'\n${command}\nEOF`,
  (command) => `bash <<EOF\n${command}\nEOF`,
  (command) => `cat <<EOF | bash\n${command}\nEOF`,
  (command) => `echo '${command}' | sh`,
  (command) => `ssh host '${command}'`,
  (command) => `ssh -p 2222 user@host ${command}`,
  (command) => `kubectl exec pod -- ${command}`,
  (command) => `kubectl exec -i pod -c app -- sh -c '${command}'`,
  (command) => `docker exec web ${command}`,
  (command) => `echo $(${command})`,
  (command) => `X=\`${command}\``,
  (command) => `( ${command} )`,
  (command) => `{ ${command}; }`,
  (command) => `if true; then ${command}; fi`,
  (command) => `for i in 1 2; do ${command}; done`,
  (command) => `while read x; do ${command}; done < list`,
  (command) => `f() { ${command}; }; f`,
  (command) => `case x in *) ${command};; esac`,
  (command) => `true && ${command} || true`,
  (command) => `${command} | cat`,
  (command) => `true | ${command}`,
  (command) => `! ${command}`,
  (command) => `time ${command}`,
  (command) => `${command} &`,
  (command) => `eval '${command}'`,
  (command) => `watch '${command}'`,
  (command) => `su -c '${command}' joe`,
  (command) => `command ${command}`,
  (command) => `exec ${command}`,
  (command) => `cat <(${command})`,
  (command) => `>/dev/null ${command}`,
  (command) => `${command} 2>&1 >/dev/null`,
  (command) => `# ls\n${command}\n# ls`,
];
