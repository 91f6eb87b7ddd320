// Names of variables and members whose value is a credential, whatever it looks like.

const secretName =
  /(?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|(?:secret|access|private|auth|account|signing|encryption)[_-]?key|credentials?|_pass|_pw|key-data)$/i;

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
