// A quick look at a line: does it begin as a shell command does? Only for telling commands from other content;
// what a command does is judged elsewhere, on the syntax tree.

const commandWords = new Set(
  `alertmanager amtool ansible ansible-playbook apk apt apt-get argo argocd awk aws az base64 bash bundle cat cd
  chef-client chgrp chmod chown chroot cilium cmctl cnpg consul cp crictl cp cqlsh crontab ctr curl cut date dd df dig
  dmesg docker docker-compose dnf du echo env etcdctl eval exit export fdisk find flux for free fsck function gcloud
  gem getent git gitlab-ctl gitlab-rails gitlab-rake go grep gsutil gunzip gzip head helm helmfile host hostname htop
  if ifconfig iostat ip iptables istioctl java jmap journalctl jps jq jstack k k9s kill killall knife kubeadm kubectl
  kubectx kubens kubelet kustomize less ln ls lsblk lscpu lsof make mkdir mongo mongosh more mount mpstat mtr mv mysql
  mysqldump nc ncat netstat nmap node nodetool npm npx nslookup ntpq chronyc oc odo openssl passwd patronictl perl
  pg_dump pg_isready pg_restore pgrep ping pip pip3 pkill podman printf promtool ps psql pvcreate pwd python python3 rabbitmqctl
  rails rake read redis-cli reboot repmgr restic rm rmdir route rpm rsync ruby run sar scp screen sed select sensors seq
  set sftp shutdown sleep smartctl sort source ss ssh ssh-keygen stat strace su sudo swapoff swapon sysctl systemctl tail
  tar tcpdump tee telnet terraform test time timedatectl timeout tmux top touch tr traceroute true type ulimit umount
  uname uniq unset unzip uptime useradd usermod vault velero vgdisplay vi vim virsh virtctl vmstat watch wc wget
  which while whoami xargs yes yq yum zcat zgrep zip zpool while until case trap alias declare local exec nohup nice
  kubecolor stern kubeseal skopeo crane cosign trivy opa conftest kind minikube k3s k3d rancher bq cbt gh glab hub
  cargo rustc npm yarn pnpm mvn gradle tctl boundary nomad packer mc rclone s3cmd ceph rbd rados radosgw-admin
  zfs lvs vgs pvs mdadm ethtool nft firewall-cmd ufw conntrack arp tc bridge getfacl setfacl chattr lsattr file
  column paste comm diff patch cmp md5sum sha256sum sha1sum shasum b2sum xxd od hexdump strings tac nl fold rev
  pbpaste pbcopy open dos2unix envsubst getopts shift return break continue wait jobs fg bg disown mktemp realpath
  readlink basename dirname locate updatedb last lastlog who w id groups`.split(/\s+/),
);

/** Words that open a line of prose as often as a command. */
const alsoProse = new Set(
  'host more time select run read test type set open find make file who id yes case for if'.split(' '),
);

const assignment = /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=(?!=)/;

export function startsLikeCommand(line: string): boolean {
  let rest = line.trim();
  if (rest.startsWith('#!')) return true;
  // psql's prompt, `db=#`, would pass for an assignment, another language's comment for a path.
  if (/^(\w[\w-]*=[#>]|\/\/)(\s|$)/.test(rest)) return false;
  for (let match = assignment.exec(rest); match; match = assignment.exec(rest)) {
    const value = /^("(?:[^"\\]|\\.)*"?|'[^']*'?|\$\([^)]*\)?|[^\s;'"$(]|\$)*/.exec(
      rest.slice(match[0].length),
    )![0];
    rest = rest.slice(match[0].length + value.length).trimStart();
    if (rest === '') return true;
  }
  // A test ends as it began; a list of lists does not.
  if (/^\[\[?\s/.test(rest)) return !/^\[\s*\[\s/.test(rest);
  if (/^(\(|\{\s|\.\s+\S|!\s)/.test(rest))
    return /^(\.\s|!\s)/.test(rest) || startsLikeCommand(rest.slice(1));
  if (/^(\.{1,2}|~|\$\{?\w+\}?)?\/[\w./${}-]+(\s|$)/.test(rest)) return !/^\/[\w./-]*:/.test(rest);
  if (/^\$\{?[A-Za-z_]\w*\}?(\s+\S|$)/.test(rest)) return true;
  const word = /^[\w][\w.+-]*(?=[\s;|&]|$)/.exec(rest)?.[0];
  if (word === undefined) return false;
  // Of the shell it names a status; a value is returned elsewhere.
  if (word === 'return' && !/^return(\s+[\d$"].*)?[;\s]*$/.test(rest)) return false;
  if (!commandWords.has(word)) return /^[\w-]+\s*\(\)\s*\{?/.test(rest);
  return !alsoProse.has(word) || !looksLikeProse(rest);
}

/** A sentence: several words, a full stop or colon at the end, nothing of the shell's syntax. */
export function looksLikeProse(line: string): boolean {
  const text = line.trim();
  if (/[|&;$<>`=\\{}]|\s--?\w/.test(text)) return false;
  return (
    text.split(/\s+/).length >= 4 &&
    (/[.:!?]$/.test(text) || /\b(the|is|are|a|an|to|of|and|you|your)\b/.test(text))
  );
}
