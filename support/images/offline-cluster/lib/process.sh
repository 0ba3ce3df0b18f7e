# shellcheck shell=bash
# Logging, and the life of the components: start, watch, wait for, stop.

LOGS=/var/log/k3s
declare -A COMPONENTS=() # process id -> name

log() { TZ=UTC0 printf 'time="%(%FT%TZ)T" level=info msg="%s"\n' -1 "$*" >&2; }
die() {
  TZ=UTC0 printf 'time="%(%FT%TZ)T" level=fatal msg="%s"\n' -1 "$*" >&2
  exit 1
}

# start NAME COMMAND...: a component in the background; its output goes to a log of its own.
start() {
  local name=$1
  shift
  "$@" >>"$LOGS/$name.log" 2>&1 &
  COMPONENTS[$!]=$name
}

# No component may be missing: the first one that is gone ends the container with the end of its log.
check_components() {
  local pid
  for pid in "${!COMPONENTS[@]}"; do
    [[ -d /proc/$pid ]] && continue
    log "${COMPONENTS[$pid]} has exited; the end of its log:"
    # Why it crashed a Go program says first, and then goes on for thousands of lines.
    grep -m 3 -A 12 -E '^(fatal error|panic|SIG[A-Z]+): |^F[0-9]{4} ' "$LOGS/${COMPONENTS[$pid]}.log" | head -n 30 >&2 || true
    tail -n 20 "$LOGS/${COMPONENTS[$pid]}.log" >&2 || true
    stop 1
  done
}

# await WHAT COMMAND...: repeats the command until it succeeds.
await() {
  local what=$1 next=$((SECONDS + 30))
  shift
  until "$@" >/dev/null 2>&1; do
    sleep .1
    check_components
    if ((SECONDS >= next)); then
      log "still waiting for $what"
      next=$((SECONDS + 30))
    fi
  done
}

# Watches the components for as long as all of them live.
await_end() {
  wait -n "${!COMPONENTS[@]}" || true
  check_components
}

# stop STATUS: ends the components, those that others write to last, and then this process: 2.5 s at most.
stop() {
  trap '' TERM INT
  log "stopping"
  exec 2>/dev/null # bash would report each job that it kills
  end_components TERM 15 but etcd containerd
  end_components KILL 1 but etcd containerd
  end_components TERM 8 only etcd containerd
  exit "$1"
}

# end_components SIGNAL TENTHS but|only NAME...: signals the components (but those, only those) and waits that long.
end_components() {
  local signal=$1 tenths=$2 which=$3 pid pids=()
  shift 3
  for pid in "${!COMPONENTS[@]}"; do
    [[ -d /proc/$pid ]] || continue
    if [[ " $* " == *" ${COMPONENTS[$pid]} "* ]]; then
      [[ $which == but ]] || pids+=("$pid")
    else
      [[ $which == only ]] || pids+=("$pid")
    fi
  done
  while ((${#pids[@]} && tenths-- > 0)); do
    kill -s "$signal" "${pids[@]}" 2>/dev/null || true
    signal=0
    sleep .1
    for pid in "${!pids[@]}"; do [[ -d /proc/${pids[pid]} ]] || unset "pids[pid]"; done
  done
}
