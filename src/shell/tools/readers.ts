// Tools that only read, with their flags (as their own `--help` of coreutils 9, util-linux 2.38 and procps 4 prints them).

import type { Tool } from '../call.ts';
import { flat } from './flat.ts';
import { specialReaders } from './specialReaders.ts';

/** `names: flags`; a flag that is not here makes the call unknown. */
const strict: readonly string[] = [
  'cat: -A,--show-all -b,--number-nonblank -e -E,--show-ends -n,--number -s,--squeeze-blank -t ' +
    '-T,--show-tabs -u -v,--show-nonprinting',
  'head: -c,--bytes= -n,--lines= -q,--quiet,--silent -v,--verbose -z,--zero-terminated -NUM',
  'wc: -c,--bytes -m,--chars -l,--lines --files0-from= -L,--max-line-length -w,--words',
  'cut: -b,--bytes= -c,--characters= -d,--delimiter= -f,--fields= -n --complement -s,--only-delimited ' +
    '--output-delimiter= -z,--zero-terminated',
  'tr: -c,-C,--complement -d,--delete -s,--squeeze-repeats,--truncate-set1 -t',
  'grep egrep fgrep zgrep: -E,--extended-regexp -F,--fixed-strings -G,--basic-regexp -P,--perl-regexp ' +
    '-e,--regexp= -f,--file= -i,--ignore-case --no-ignore-case -w,--word-regexp -x,--line-regexp ' +
    '-z,--null-data -s,--no-messages -v,--invert-match -V,--version -m,--max-count= -b,--byte-offset ' +
    '-n,--line-number --line-buffered -H,--with-filename -h,--no-filename --label= -o,--only-matching ' +
    '-q,--quiet,--silent --binary-files= -a,--text -I -d,--directories= -D,--devices= -r,--recursive ' +
    '-R,--dereference-recursive --include= --exclude= --exclude-from= --exclude-dir= ' +
    '-L,--files-without-match -l,--files-with-matches -c,--count -T,--initial-tab -Z,--null ' +
    '-B,--before-context= -A,--after-context= -C,--context= -NUM --group-separator= --no-group-separator ' +
    '--color? --colour? -U,--binary',
  'ls: -a,--all -A,--almost-all --author -b,--escape --block-size= -B,--ignore-backups -c -C --color? ' +
    '-d,--directory -D,--dired -f -F,--classify? --file-type --format= --full-time -g ' +
    '--group-directories-first -G,--no-group -h,--human-readable --si -H,--dereference-command-line ' +
    '--dereference-command-line-symlink-to-dir --hide= --hyperlink? --indicator-style= -i,--inode ' +
    '-I,--ignore= -k,--kibibytes -l -L,--dereference -m -n,--numeric-uid-gid -N,--literal -o -p ' +
    '-q,--hide-control-chars --show-control-chars -Q,--quote-name --quoting-style= -r,--reverse ' +
    '-R,--recursive -s,--size -S --sort= --time= --time-style= -t -T,--tabsize= -u -U -v -w,--width= -x ' +
    '-X -Z,--context --zero -1',
  'du: -0,--null -a,--all --apparent-size -B,--block-size= -b,--bytes -c,--total -D,--dereference-args ' +
    '-d,--max-depth= --files0-from= -H -h,--human-readable --inodes -k -L,--dereference -l,--count-links ' +
    '-m -P,--no-dereference -S,--separate-dirs --si -s,--summarize -t,--threshold= --time? --time-style= ' +
    '-X,--exclude-from= --exclude= -x,--one-file-system',
  'df: -a,--all -B,--block-size= -h,--human-readable -H,--si -i,--inodes -k -l,--local --no-sync ' +
    '--output? -P,--portability --sync --total -t,--type= -T,--print-type -x,--exclude-type= -v',
  'stat: -L,--dereference -f,--file-system --cached= -c,--format= --printf= -t,--terse',
  'diff: --normal -q,--brief -s,--report-identical-files -c -C,--context= -u --unified? -U= -e,--ed ' +
    '-n,--rcs -y,--side-by-side -W,--width= --left-column --suppress-common-lines -p,--show-c-function ' +
    '-F,--show-function-line= --label= -t,--expand-tabs -T,--initial-tab --tabsize= ' +
    '--suppress-blank-empty -l,--paginate -r,--recursive --no-dereference -N,--new-file ' +
    '--unidirectional-new-file --ignore-file-name-case --no-ignore-file-name-case -x,--exclude= ' +
    '-X,--exclude-from= -S,--starting-file= --from-file= --to-file= -i,--ignore-case ' +
    '-E,--ignore-tab-expansion -Z,--ignore-trailing-space -b,--ignore-space-change -w,--ignore-all-space ' +
    '-B,--ignore-blank-lines -I,--ignore-matching-lines= -a,--text --strip-trailing-cr -D,--ifdef= ' +
    '--line-format= --old-line-format= --new-line-format= --unchanged-line-format= ' +
    '--changed-group-format= --unchanged-group-format= -d,--minimal --horizon-lines= --speed-large-files ' +
    '--color? --palette= -v,--version',
  'cmp: -b,--print-bytes -i,--ignore-initial= -l,--verbose -n,--bytes= -s,--quiet,--silent -v,--version',
  'comm: -1 -2 -3 --check-order --nocheck-order --output-delimiter= --total -z,--zero-terminated',
  'join: -a= -e= -i,--ignore-case -j= -o= -t= -v= -1= -2= --check-order --nocheck-order --header ' +
    '-z,--zero-terminated',
  'paste: -d,--delimiters= -s,--serial -z,--zero-terminated',
  'tac: -b,--before -r,--regex -s,--separator=',
  'nl: -b,--body-numbering= -d,--section-delimiter= -f,--footer-numbering= -h,--header-numbering= ' +
    '-i,--line-increment= -l,--join-blank-lines= -n,--number-format= -p,--no-renumber ' +
    '-s,--number-separator= -v,--starting-line-number= -w,--number-width=',
  'od: -A,--address-radix= --endian= -j,--skip-bytes= -N,--read-bytes= -S,--strings? -t,--format= ' +
    '-v,--output-duplicates -w,--width? --traditional -a -b -c -d -f -i -l -o -s -x',
  'base64: -d,--decode -i,--ignore-garbage -w,--wrap=',
  'sha256sum sha1sum sha512sum sha224sum sha384sum md5sum b2sum shasum: -b,--binary -c,--check --tag ' +
    '-t,--text -z,--zero --ignore-missing --quiet --status --strict -w,--warn',
  'cksum: -a,--algorithm= -c,--check -l,--length= --tag --untagged -z,--zero --ignore-missing --quiet ' +
    '--status --strict -w,--warn --debug',
  'basename: -a,--multiple -s,--suffix= -z,--zero',
  'dirname: -z,--zero',
  'realpath: -e,--canonicalize-existing -m,--canonicalize-missing -L,--logical -P,--physical -q,--quiet ' +
    '--relative-to= --relative-base= -s,--strip,--no-symlinks -z,--zero',
  'readlink: -f,--canonicalize -e,--canonicalize-existing -m,--canonicalize-missing -n,--no-newline ' +
    '-q,--quiet -s,--silent -v,--verbose -z,--zero',
  'seq: -f,--format= -s,--separator= -w,--equal-width',
  'sleep:',
  'free: -b,--bytes --kilo --mega --giga --tera --peta -k,--kibi -m,--mebi -g,--gibi --tebi --pebi ' +
    '-h,--human --si -l,--lohi -t,--total -v,--committed -s,--seconds -c,--count -w,--wide -V,--version',
  'uptime: -p,--pretty -h,--help -s,--since -V,--version',
  'who: -a,--all -b,--boot -d,--dead -H,--heading --ips -l,--login --lookup -m -p,--process -q,--count ' +
    '-r,--runlevel -s,--short -t,--time -T,-w,--mesg -u,--users --message --writable',
  'id: -a -Z,--context -g,--group -G,--groups -n,--name -r,--real -u,--user -z,--zero',
  'uname: -a,--all -s,--kernel-name -n,--nodename -r,--kernel-release -v,--kernel-version -m,--machine ' +
    '-p,--processor -i,--hardware-platform -o,--operating-system',
  'pgrep: -d,--delimiter= -l,--list-name -a,--list-full -v,--inverse -w,--lightweight -c,--count ' +
    '-f,--full -g,--pgroup= -G,--group= -i,--ignore-case -n,--newest -o,--oldest -O,--older= -P,--parent= ' +
    '-s,--session= -t,--terminal= -u,--euid= -U,--uid= -x,--exact -F,--pidfile= -L,--logpidfile ' +
    '-r,--runstates= -A,--ignore-ancestors --cgroup= --ns= --nslist= -h,--help -V,--version',
  'column: -t,--table -n,--table-name= -O,--table-order= -N,--table-columns= -l,--table-columns-limit= ' +
    '-E,--table-noextreme= -d,--table-noheadings -e,--table-header-repeat -H,--table-hide= ' +
    '-R,--table-right= -T,--table-truncate= -W,--table-wrap= -L,--keep-empty-lines -J,--json -r,--tree= ' +
    '-i,--tree-id= -p,--tree-parent= -c,--output-width= -o,--output-separator= -s,--separator= ' +
    '-x,--fillrows -h,--help -V,--version',
  'fold: -b,--bytes -s,--spaces -w,--width=',
  'fmt: -c,--crown-margin -p,--prefix= -s,--split-only -t,--tagged-paragraph -u,--uniform-spacing ' +
    '-w,--width= -g,--goal=',
  'vmstat: -a,--active -f,--forks -m,--slabs -n,--one-header -s,--stats -d,--disk -D,--disk-sum ' +
    '-p,--partition= -S,--unit= -w,--wide -t,--timestamp -y,--no-first -h,--help -V,--version',
  'lsblk: -A,--noempty -D,--discard -E,--dedup= -I,--include= -J,--json -M,--merge -O,--output-all ' +
    '-P,--pairs -S,--scsi -T,--tree? -a,--all -b,--bytes -d,--nodeps -e,--exclude= -f,--fs -i,--ascii ' +
    '-l,--list -m,--perms -n,--noheadings -o,--output= -p,--paths -r,--raw -s,--inverse -t,--topology ' +
    '-w,--width= -x,--sort= -y,--shell -z,--zoned --sysroot= -h,--help -V,--version',
  'ss: -h,--help -V,--version -n,--numeric -r,--resolve -a,--all -l,--listening -o,--options ' +
    '-e,--extended -m,--memory -p,--processes -T,--threads -i,--info --tipcinfo -s,--summary --tos ' +
    '--cgroup -b,--bpf -E,--events -Z,--context -z,--contexts -N,--net -4,--ipv4 -6,--ipv6 -0,--packet ' +
    '-t,--tcp -M,--mptcp -S,--sctp -u,--udp -d,--dccp -w,--raw -x,--unix --tipc --vsock --xdp ' +
    '-f,--family= -H,--no-header -O,--oneline --inet-sockopt -A,--query,--socket= -D,--diag= -F,--filter=',
  'pstree: -a,--arguments -A,--ascii -c,--compact-not -C,--color= -g,--show-pgids -G,--vt100 ' +
    '-h,--highlight-all -H,--highlight-pid= -l,--long -n,--numeric-sort -N,--ns-sort= -p,--show-pids ' +
    '-s,--show-parents -S,--ns-changes -t,--thread-names -T,--hide-threads -u,--uid-changes -U,--unicode ' +
    '-V,--version -Z,--security-context',
  'nproc: --all --ignore=',
  'numfmt: --debug -d,--delimiter= --field= --format= --from= --from-unit= --grouping --header? ' +
    '--invalid= --padding= --round= --suffix= --to= --to-unit= -z,--zero-terminated -M',
  'findmnt: -s,--fstab -m,--mtab -k,--kernel -p,--poll? -w,--timeout= -A,--all -a,--ascii -b,--bytes ' +
    '-C,--nocanonicalize -c,--canonicalize -D,--df -d,--direction= -e,--evaluate -F,--tab-file= ' +
    '-f,--first-only -i,--invert -J,--json -l,--list -N,--task= -n,--noheadings -O,--options= ' +
    '-o,--output= --output-all -P,--pairs --pseudo --shadowed -R,--submounts -r,--raw --real -S,--source= ' +
    '-T,--target= --tree -M,--mountpoint= -t,--types= -U,--uniq -u,--notruncate -v,--nofsroot -y,--shell ' +
    '-x,--verify --verbose --vfs-all -h,--help -V,--version',
  'lscpu: -a,--all -b,--online -B,--bytes -C,--caches? -c,--offline -J,--json -e,--extended? ' +
    '-p,--parse? -s,--sysroot= -x,--hex -y,--physical --output-all -h,--help -V,--version',
  'hexdump: -b,--one-byte-octal -c,--one-byte-char -C,--canonical -d,--two-bytes-decimal ' +
    '-o,--two-bytes-octal -x,--two-bytes-hex -L,--color? -e,--format= -f,--format-file= -n,--length= ' +
    '-s,--skip= -v,--no-squeezing -h,--help -V,--version',
];

/** Whatever their flags, they show and keep nothing. */
const loose =
  'ps lsof nslookup dig host traceroute tracepath mtr netstat whoami groups arch cal tree iostat mpstat ' +
  'pidstat sar uptime last lastlog factor which type whereis tput clear man info yes bc dc zcat bzcat ' +
  'xzcat zless lspci lsusb lsmod modinfo dmidecode lscpu tsort expand unexpand look apropos locale jps ' +
  'jstat jstack blkid iftop iotop htop atop nethogs dstat lstopo numastat lsns lsattr getfacl getcap ' +
  'namei pathchk ldd nm objdump readelf size file rg ag ack jo gron tokei cloc md5 sum exa eza bat ' +
  'trivy grype syft hadolint kubeval kubeconform kube-score polaris jc ccze lnav ping6 fping arping ' +
  'whatis users finger pmap pwdx procinfo slabtop uuidgen figlet cowsay neofetch column rev tac ' +
  'envsubst jsonlint yamllint htmlq pup cmp vdir dir nping mcookie logname tty getconf locate units ts ' +
  'pv';

export const readers: readonly Tool[] = [
  ...specialReaders,
  ...strict.map((line) => {
    const colon = line.indexOf(':');
    return flat({
      names: line.slice(0, colon).split(' '),
      flags: line.slice(colon + 1),
      risk: 'read',
      why: 'only reads',
    });
  }),
  flat({ names: loose.split(' '), flags: '', risk: 'read', why: 'only reads', looseFlags: true }),
];
