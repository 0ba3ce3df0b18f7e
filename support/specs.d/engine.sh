# shellcheck shell=bash
# The container engine. Sourced by support/specs.
#
# What `specs` starts it also stops: the last user does. Every user holds a shared lock on $engine_state/users
# (descriptor 7) for as long as it lives, however it ends; who gets the lock for itself alone is the last.

engine_state=${SPECS_ENGINE_STATE:-/run/securityspecs}

is_root() { [ "$(id -u)" = 0 ] && have flock && [ "$(uname)" = Linux ]; }

engine_answers() { have docker && within 10 docker version --format '{{.Server.APIVersion}}' >/dev/null 2>&1; }

# within SECONDS COMMAND...: COMMAND, but not longer (where coreutils is missing: as long as it takes).
within() {
  local seconds=$1
  shift
  if have timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

# Counts this process among the users. The lock is held for itself alone only by one that is stopping the engine, for seconds.
use_engine() {
  if ! is_root || ! mkdir -p "$engine_state" 2>/dev/null; then return 0; fi
  exec 7>>"$engine_state/users"
  flock -w 60 -s 7 || fail "another specs run has been stopping the container engine for over a minute; see 'specs doctor'"
}

# Makes an engine answer. Where nothing is installed that could be started, the tool looks elsewhere, or says what to do.
require_engine() {
  local answer=start
  if engine_answers; then return 0; fi
  if ! is_root || [ -n "${DOCKER_HOST:-}" ] || ! have docker || ! have dockerd; then answer=$(dotnet "$tool_dll" engine) || exit $?; fi
  if [ "$answer" = start ]; then start_engine; fi
}

# Starts the engine that is installed; on Debian and its kin installs one first.
start_engine() {
  local log
  exec 6>>"$engine_state/start"
  flock -w 300 6 || fail "another specs run has been starting the container engine for over five minutes; see 'specs doctor'"
  if engine_answers; then
    exec 6>&-
    return 0
  fi
  if ! have dockerd || ! have docker; then
    log=$engine_state/install.log
    step "$log" 'Installing docker.io from the distribution' install_engine ||
      { tail -n 5 "$log" >&2; fail "docker.io cannot be installed (all of it: $log)"; }
  fi
  log=$engine_state/dockerd.log
  # Its package may have started it: that is ours to stop, too.
  if engine_answers; then
    note_engine "$(cat /var/run/docker.pid)"
  else
    step "$log.start" 'Starting the container engine, until the last run ends' launch_engine "$log" ||
      { grep -iE 'level=(error|fatal)|failed' "$log" | tail -n 5 >&2; fail "the container engine does not start (its log: $log)"; }
  fi
  exec 6>&-
}

install_engine() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update && apt-get install -y --no-install-recommends docker.io iptables ca-certificates
}

# Under systemd the service, else dockerd by itself, detached from this run.
launch_engine() {
  local log=$1 deadline
  if under_systemd; then
    systemctl start docker || return 1
  else
    mount_cgroups
    # The pid file of an engine that was killed names nobody, or by now another process: dockerd believes it.
    [ "$(process_name "$(cat /var/run/docker.pid 2>/dev/null)")" = dockerd ] || rm -f /var/run/docker.pid
    set -m
    nohup dockerd </dev/null >"$log" 2>&1 &
    set +m
    note_engine $!
  fi
  deadline=$((SECONDS + 60))
  until engine_answers; do
    if [ "$SECONDS" -ge "$deadline" ]; then return 1; fi
    if ! under_systemd && ! kill -0 "$!" 2>/dev/null; then return 1; fi
    sleep 0.3
  done
  if under_systemd; then note_engine "$(cat /var/run/docker.pid)"; fi
}

under_systemd() { [ -d /run/systemd/system ] && have systemctl; }

# note_engine PID: remembers that this engine is ours to stop.
note_engine() { echo "$1" >"$engine_state/started"; }

process_name() { cat "/proc/${1:-none}/comm" 2>/dev/null || true; }

# What an init system would have done: dockerd needs the cgroup controllers mounted.
mount_cgroups() {
  local controller rest
  if [ -e /sys/fs/cgroup/cgroup.controllers ] || [ -d /sys/fs/cgroup/memory ]; then return 0; fi
  mountpoint -q /sys/fs/cgroup || mount -t tmpfs -o uid=0,gid=0,mode=0755 cgroup /sys/fs/cgroup || return 0
  while read -r controller rest; do
    case $controller in '#'*) continue ;; esac
    mkdir -p "/sys/fs/cgroup/$controller"
    mount -n -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller" || rmdir "/sys/fs/cgroup/$controller"
  done </proc/cgroups
}

# Stops the engine if specs started it, nobody else uses it, and no container runs in it (a kept cluster, or
# somebody else's).
release_engine() {
  local pid deadline
  [ -s "$engine_state/started" ] && is_root || return 0
  # Alone now? Otherwise the last user stops it.
  flock -n -x 7 2>/dev/null || return 0
  pid=$(cat "$engine_state/started")
  if [ "$(process_name "$pid")" != dockerd ]; then
    rm -f "$engine_state/started"
  elif [ -z "$(within 10 docker ps -q 2>/dev/null)" ]; then
    if under_systemd; then
      systemctl stop docker docker.socket >/dev/null 2>&1 || true
    else
      kill -TERM "$pid" 2>/dev/null || true
      deadline=$((SECONDS + 30))
      while [ -d "/proc/$pid" ] && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.2; done
    fi
    rm -f "$engine_state/started"
  fi
  exec 7>&-
}
