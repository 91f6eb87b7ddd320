// docker and podman, their compose, and the runtimes' own tools.

import type { Call, Place, Tool, Verdict } from '../call.ts';
import type { ParsedArguments } from '../flags.ts';
import { shown } from '../word.ts';
import { subcommands, type VerbRule } from './subcommands.ts';

const runFlags =
  '-a,--attach= --add-host= --annotation= --blkio-weight= --cap-add= --cap-drop= --cgroup-parent= --cgroupns= --cidfile= ' +
  '--cpus= -c,--cpu-shares= --cpuset-cpus= -d,--detach --detach-keys= --device= --dns= --dns-search= --entrypoint= ' +
  '-e,--env= --env-file= --expose= --gpus= --group-add= --health-cmd= --health-interval= -h,--hostname= --init -i,--interactive ' +
  '--ip= --ipc= --isolation= -l,--label= --label-file= --link= --log-driver= --log-opt= --mac-address= -m,--memory= ' +
  '--memory-swap= --mount= --name= --network= --net= --network-alias= --no-healthcheck --oom-kill-disable --pid= --pids-limit= ' +
  '--platform= --privileged -p,--publish= -P,--publish-all --pull= -q,--quiet --read-only --restart= --rm --runtime= ' +
  '--security-opt= --shm-size= --sig-proxy --stop-signal= --stop-timeout= --sysctl= --tmpfs= -t,--tty --ulimit= -u,--user= ' +
  '--userns= --uts= -v,--volume= --volume-driver= --volumes-from= -w,--workdir= --replace --pod= --tls-verify';

function inside(parsed: ParsedArguments, call: Call, label: string): Partial<Verdict> {
  const [what, ...words] = parsed.operands;
  const place: Place = { kind: 'container', label: `${label} ${what ? shown(what) : ''}`.trim() };
  if (!what) return { risk: 'unknown', reasons: ['names nothing to run in'] };
  if (words.length === 0) {
    return parsed.on('--interactive')
      ? { risk: 'unknown', reasons: [`opens a terminal in ${place.label}`], interactive: 'opens a terminal' }
      : {};
  }
  return {
    inner: [{ words, place, separate: true, stdin: parsed.on('--interactive') ? call.stdin : undefined }],
  };
}

/** The flags end at the image or container: what follows is the command's. */
function split(rule: VerbRule, label: string): VerbRule {
  return { ...rule, style: 'posix', judge: (parsed, call) => inside(parsed, call, label) };
}

const copy: VerbRule = {
  risk: 'change',
  why: 'copies into the container',
  flags: '-a,--archive -L,--follow-link -q,--quiet --overwrite',
  judge: ({ operands: [from, to] }) =>
    from && to && /^[^./][^:]*:/.test(from.value) && !/^[^./][^:]*:/.test(to.value)
      ? { risk: 'write', reasons: [`writes ${shown(to)}`], writes: [to.value] }
      : undefined,
};

const classes = {
  read: 'ps, ls, top, port, diff, stats, events, images, image ls, image list, image inspect, image history, history, inspect, logs, version, info, search, wait, container ls, container list, container ps, container inspect, container logs, container top, container stats, container port, container diff, container wait, volume ls, volume list, volume inspect, network ls, network list, network inspect, system df, system info, system events, context ls, context show, context inspect, node ls, node ps, node inspect, service ls, service ps, service inspect, service logs, stack ls, stack ps, stack services, secret ls, secret inspect, config ls, config inspect, manifest inspect, plugin ls, plugin inspect, buildx ls, buildx version, buildx inspect, buildx du, trust inspect, help, scout, scout cves, scout quickview, pod ps, pod inspect, pod logs, pod stats, healthcheck run, machine list, builder',
  write: 'save, export, image save, container export, checkpoint ls',
  change:
    'pull, push, build, buildx build, buildx bake, tag, commit, load, import, create, start, stop, restart, pause, unpause, rename, update, kill, attach, login, logout, image pull, image push, image build, image tag, image load, image import, container create, container start, container stop, container restart, container pause, container unpause, container rename, container update, container kill, container commit, volume create, network create, network connect, network disconnect, context use, context create, context update, swarm init, swarm join, swarm update, swarm unlock, node update, node promote, node demote, service create, service update, service scale, service rollback, stack deploy, secret create, config create, plugin install, plugin enable, plugin disable, buildx create, buildx use, pod create, pod start, pod stop, pod restart, machine start, machine stop, manifest create, manifest push, manifest annotate, trust sign',
  destroy:
    'rm, rmi, container rm, container remove, container prune, image rm, image remove, image prune, volume rm, volume remove, volume prune, network rm, network remove, network prune, system prune, system reset, context rm, node rm, service rm, stack rm, stack down, secret rm, config rm, swarm leave, plugin rm, builder prune, buildx prune, buildx rm, pod rm, pod kill, pod prune, machine rm, manifest rm, trust revoke',
};

const composeFlags =
  '-f,--file= -p,--project-name= --profile= --project-directory= --env-file= --ansi= --compatibility --dry-run --parallel= --progress= --verbose --all-resources';

const composeVerbs: Record<string, VerbRule> = {
  exec: {
    risk: 'read',
    why: 'runs a command in a container',
    style: 'posix',
    flags:
      '-d,--detach -e,--env= --index= -T,--no-TTY --privileged -u,--user= -w,--workdir= -i,--interactive -t,--tty',
    judge: (parsed, call) => {
      const [what, ...words] = parsed.operands;
      if (words.length === 0) return { risk: 'unknown', reasons: ['names no command'] };
      return {
        inner: [
          {
            words,
            separate: true,
            stdin: call.stdin,
            place: { kind: 'container', label: `service ${what ? shown(what) : ''}` },
          },
        ],
      };
    },
  },
  run: { risk: 'change', why: 'starts a container', judge: () => ({}) },
};
const composeClasses = {
  read: 'ps, ls, logs, top, images, port, config, version, events, stats, convert, volumes',
  change:
    'up, start, restart, stop, pause, unpause, build, pull, push, create, scale, kill, watch, cp, publish, attach',
  destroy: 'down, rm',
};

const dockerTable = {
  style: 'cobra' as const,
  looseFlags: true,
  globals:
    '--config= -c,--context= -D,--debug -H,--host= -l,--log-level= --tls --tlscacert= --tlscert= --tlskey= --tlsverify --connection= --url= --log-opt= --root= --remote -v,--version',
  verbs: {
    cp: copy,
    'container cp': copy,
    exec: split(
      {
        risk: 'read',
        why: 'runs a command in a container',
        flags:
          '-d,--detach --detach-keys= -e,--env= --env-file= -i,--interactive --privileged -t,--tty -u,--user= -w,--workdir= -l,--latest',
      },
      'container',
    ),
    'container exec': split(
      {
        risk: 'read',
        why: 'runs a command in a container',
        flags:
          '-d,--detach --detach-keys= -e,--env= --env-file= -i,--interactive --privileged -t,--tty -u,--user= -w,--workdir= -l,--latest',
      },
      'container',
    ),
    run: split({ risk: 'change', why: 'starts a container', flags: runFlags }, 'a container of'),
    'container run': split({ risk: 'change', why: 'starts a container', flags: runFlags }, 'a container of'),
    logs: {
      risk: 'read' as const,
      why: 'shows logs',
      flags: '--details -f,--follow --since= -n,--tail= -t,--timestamps --until= -l,--latest --names',
      judge: (parsed: ParsedArguments) =>
        parsed.on('--follow') ? { blocking: 'follows the log' } : undefined,
    },
    stats: {
      risk: 'read' as const,
      why: 'shows usage',
      flags: '-a,--all --format= --no-stream --no-trunc',
      judge: (parsed: ParsedArguments) =>
        parsed.on('--no-stream') ? undefined : { blocking: 'shows usage without end' },
    },
    events: { risk: 'read' as const, why: 'shows events', judge: () => ({ blocking: 'follows events' }) },
    ...Object.fromEntries(Object.entries(composeVerbs).map(([verb, rule]) => [`compose ${verb}`, rule])),
    ...Object.fromEntries(
      Object.entries(composeClasses).flatMap(([risk, list]) =>
        list
          .split(', ')
          .map((verb) => [`compose ${verb}`, { risk: risk as VerbRule['risk'], why: `compose ${verb}` }]),
      ),
    ),
  },
  classes,
};

export const docker = subcommands({
  names: ['docker', 'podman', 'nerdctl'],
  ...dockerTable,
  globals: `${dockerTable.globals} ${composeFlags.replace('-f,', '').replace('-p,', '')}`,
});
export const compose = subcommands({
  names: ['docker-compose', 'podman-compose'],
  style: 'cobra',
  looseFlags: true,
  globals: `${composeFlags} -v,--version`,
  verbs: composeVerbs,
  classes: composeClasses,
});

export const crictl = subcommands({
  names: ['crictl', 'ctr', 'nerdctl-full'],
  style: 'gnu',
  looseFlags: true,
  globals:
    '-c,--config= -D,--debug -i,--image-endpoint= -r,--runtime-endpoint= -t,--timeout= -n,--namespace= -a,--address=',
  classes: {
    read: 'ps, pods, images, img, logs, inspect, inspecti, inspectp, stats, statsp, info, version, imagefsinfo, metrics, events, containers ls, containers info, tasks ls, tasks ps, namespaces ls, images ls, images list, content ls',
    change:
      'pull, create, start, stop, stopp, run, runp, update, images pull, images import, images tag, tasks kill, tasks start',
    destroy: 'rm, rmi, rmp, images rm, containers rm, tasks rm, content rm',
    unknown: 'exec, attach, tasks exec',
  },
});

export const containerTools: readonly Tool[] = [docker, compose, crictl];
