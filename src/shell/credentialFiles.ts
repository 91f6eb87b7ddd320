// Paths that by custom hold credentials: reading one is `secret`, whatever reads it.

const patterns: readonly RegExp[] = [
  /(^|\/)(g?shadow)(-|\.bak)?$/,
  /(^|\/)sudoers(\.d\/|$)/,
  /(^|\/)\.env(\.|$)(?!example|sample|template|dist)/,
  /(^|\/)id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/i,
  /(^|\/)\.(netrc|pgpass|my\.cnf|npmrc|pypirc|git-credentials|htpasswd|vault-token|dockercfg)$/,
  /(^|\/)\.kube\/config/,
  /(^|\/)kubeconfig(\.ya?ml)?$/i,
  /(^|\/)(admin|kubelet|scheduler|controller-manager|super-admin)\.conf$/,
  /(^|\/)\.aws\/(credentials|cli\/cache|sso\/cache)/,
  /(^|\/)\.docker\/config\.json$/,
  /(^|\/)\.config\/gcloud\/|application_default_credentials\.json$/,
  /(^|\/)\.azure\/|(^|\/)\.gnupg\/|(^|\/)\.ssh\/(?!config$|known_hosts|.*\.pub$)/,
  /\/run\/secrets\/|\/secrets\/kubernetes\.io\/|(^|\/)secrets?\.(ya?ml|json|env|txt|properties)$/i,
  /(^|\/)(credentials?|passwords?|tokens?)(\.(json|ya?ml|txt|csv|env|ini))?$/i,
  /^\/proc\/[^/]+\/environ$/,
  /\.tfstate(\.backup)?$/,
];

/** By name alone; public certificates such as `/etc/ssl/certs/*.pem` are none. */
export function isCredentialFile(path: string): boolean {
  if (
    /^\/etc\/(ssl|pki)\/.*cert|(ca|cert|chain|fullchain|bundle|ca-certificates)[\w.-]*\.(pem|crt)$|\.pub$/i.test(
      path,
    )
  )
    return false;
  return patterns.some((pattern) => pattern.test(path));
}
