// Tools that keep and hand out credentials: vaults, key rings, keys of SSH.

import type { Tool } from '../call.ts';
import { flat } from './flat.ts';
import { infrastructureTool as tool } from './infrastructureTool.ts';

export const credentialTools: readonly Tool[] = [
  tool(
    ['vault', 'bao'],
    '-address= -namespace= -ns= -token= -format= -ca-cert= -tls-skip-verify',
    {
      read: 'status, version, list, secrets list, auth list, policy list, policy read, audit list, token lookup, token capabilities, operator raft list-peers, operator members, operator key-status, lease lookup, kv list, kv metadata get, namespace list, plugin list, path-help',
      secret: 'read, kv get, token create, login, print token, unwrap, operator generate-root',
      write: 'operator raft snapshot save, debug',
      change:
        'write, kv put, kv patch, kv rollback, kv undelete, kv metadata put, kv enable-versioning, policy write, policy fmt, auth enable, auth tune, secrets enable, secrets tune, secrets move, audit enable, token renew, lease renew, operator init, operator unseal, operator rotate, operator step-down, operator raft join, operator raft snapshot restore, operator rekey, namespace create, plugin register, plugin reload, patch',
      destroy:
        'delete, kv delete, kv destroy, kv metadata delete, policy delete, auth disable, secrets disable, audit disable, token revoke, lease revoke, operator seal, operator raft remove-peer, namespace delete, plugin deregister',
    },
    { style: 'go' },
  ),
  tool(
    ['sops'],
    '-i --in-place --input-type= --output-type= --config= --extract=',
    {
      secret: 'decrypt',
      change: 'encrypt, edit, rotate, updatekeys, set, unset, groups',
      unknown: 'exec-env, exec-file',
    },
    { otherwise: (_verb, _words) => ({ risk: 'secret', why: 'decrypts a file' }) },
  ),
  flat({
    names: [
      'gpg',
      'gpg2',
      'age',
      'pass',
      'op',
      'bw',
      'lpass',
      'security',
      'secret-tool',
      'aws-vault',
      'saml2aws',
      'chamber',
    ],
    risk: 'secret',
    why: 'handles credentials',
    flags: '--verify --list-keys -k --fingerprint --delete-keys --delete-secret-keys --import --gen-key',
    looseFlags: true,
    when: [
      { flag: '--delete-keys', risk: 'destroy', why: 'deletes keys' },
      { flag: '--delete-secret-keys', risk: 'destroy', why: 'deletes keys' },
      { flag: '--import', risk: 'change', why: 'imports keys' },
    ],
    judge: (parsed, { name, args }) => {
      if (
        /^gpg/.test(name) &&
        ['--verify', '--list-keys', '-k', '--fingerprint'].some((flag) => parsed.on(flag))
      )
        return { risk: 'read', reasons: ['shows keys or checks a signature'] };
      if (/^(aws-vault|op|chamber)$/.test(name) && args.some((word) => /^(exec|run)$/.test(word.value)))
        return { risk: 'unknown', reasons: ['runs a command with credentials'] };
      if (/^(rm|delete|remove|delete-\S+)$/.test(args[0]?.value ?? ''))
        return { risk: 'destroy', reasons: ['deletes credentials'] };
      return undefined;
    },
  }),
  flat({
    names: ['ssh-keygen'],
    risk: 'change',
    why: 'makes or changes keys',
    flags: '-t= -b= -f= -N= -C= -l -F= -R= -y -Y= -s= -I= -n= -q -L -E= -H -p -e -i -m= -V= -O= -r= -D= -A',
    judge: (parsed) =>
      parsed.on('-y')
        ? { risk: 'secret', reasons: ['reads a private key'] }
        : parsed.on('-l') || parsed.on('-F') || parsed.on('-L')
          ? { risk: 'read', reasons: ['shows keys'] }
          : parsed.on('-R')
            ? { risk: 'destroy', reasons: ['removes a host key'] }
            : undefined,
  }),
  flat({ names: ['ssh-keyscan'], risk: 'read', why: 'asks for host keys', flags: '', looseFlags: true }),
];
