// Which variables a file of the repository may set for the shell that its commands run in.

import { environmentGaps, isLoader } from './loaders.ts';

const never =
  /^(?:BASHOPTS|SHELLOPTS|IFS|RUNBOOK_.*|KUBECONFIG|KUBERNETES_.*|HELM_(?:KUBE.*|.*_HOME|BIN)|HOME|XDG_.*|AWS_CONFIG_FILE|DOCKER_(?:CONFIG|HOST|CONTEXT)|CLOUDSDK_CONFIG|AZURE_.*_DIR|GNUPGHOME|ANSIBLE_.*|KREW_ROOT)$/;

/**
 * Not those that decide how bash and programs start, which programs those are, what configures them and where calls
 * go, before any cell and any question: a file of the repository has no say in that.
 */
export function mayFileSet(name: string, value: string): boolean {
  return (
    /^[A-Za-z_]\w*$/.test(name) &&
    !never.test(name) &&
    environmentGaps([name]).length === 0 &&
    !isLoader(`${name}=${value}`)
  );
}
