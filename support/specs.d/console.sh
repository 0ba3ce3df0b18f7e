# shellcheck shell=bash
# Messages, and jobs that a signal can stop. Sourced by support/specs.

# Everything about preparing goes to standard error: standard output is for results.
say() { printf '%s\n' "$*" >&2; }

# One line about what the caller can change, and exit code 2.
fail() {
  say "specs: $*"
  exit 2
}

have() { command -v "$1" >/dev/null 2>&1; }

# Milliseconds since 1970; whole seconds where `date` knows no better.
now_ms() {
  local now
  now=$(date +%s%3N)
  case $now in *N) now=${now%??}000 ;; esac
  echo "$now"
}

# Process group of the running job; empty between jobs.
job=''

# Starts a command in a process group of its own, so that a signal can stop all of it. It does not inherit
# the locks (descriptors 6 to 9): a build server or an engine that outlives us must not hold them.
start_job() {
  set -m
  "$@" </dev/null 6>&- 7>&- 8>&- 9>&- &
  job=$!
  set +m
}

# logged LOG PATTERN COMMAND...: COMMAND with all its output in LOG, and of it on standard output the lines that
# match PATTERN, without the mark 'specs: '. For start_job: a signal to the group must not stop the readers, or the
# last words of COMMAND are lost.
logged() {
  local log=$1 pattern=$2
  shift 2
  "$@" 2>&1 | (
    trap '' TERM INT HUP
    tee "$log" | sed -nuE "/$pattern/ { s/^specs: //; p; }"
  )
  return "${PIPESTATUS[0]}"
}

wait_job() {
  local code=0
  wait "$job" || code=$?
  job=''
  return "$code"
}

# Ends the running job: politely, then after 20 s for good.
stop_job() {
  [ -n "$job" ] || return 0
  kill -TERM -- "-$job" 2>/dev/null || true
  local deadline=$((SECONDS + 20))
  while kill -0 -- "-$job" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.2; done
  kill -KILL -- "-$job" 2>/dev/null || true
  wait "$job" 2>/dev/null || true
  job=''
}

# last_line FILE [WIDTH]
last_line() { tr '\r' '\n' <"$1" 2>/dev/null | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c "1-${2:-100}" || true; }

# step LOG TEXT COMMAND...: says TEXT, runs COMMAND with its output in LOG, and shows how far it is:
# on a terminal as a running line, elsewhere as a line every 15 s. Returns the command's exit code.
step() {
  local log=$1 text=$2 began=$SECONDS shown=0 elapsed code=0
  shift 2
  say "$text ..."
  : >"$log" || fail_if_full "cannot write $log"
  start_job "$@" >"$log" 2>&1
  while kill -0 "$job" 2>/dev/null; do
    sleep 0.1
    elapsed=$((SECONDS - began))
    if [ -t 2 ] && [ "$elapsed" -ge 2 ] && [ "$elapsed" != "$shown" ]; then
      shown=$elapsed
      printf '\r\033[K  %d s  %s' "$elapsed" "$(last_line "$log")" >&2
    elif [ ! -t 2 ] && [ $((elapsed - shown)) -ge 15 ]; then
      shown=$elapsed
      say "  $elapsed s  $(last_line "$log")"
    fi
  done
  wait_job || code=$?
  elapsed=$((SECONDS - began))
  if [ -t 2 ] && [ "$shown" -gt 0 ]; then printf '\r\033[K' >&2; fi
  if [ "$elapsed" -ge 2 ] && [ "$code" = 0 ]; then say "  done in $elapsed s"; fi
  prepared="$prepared${prepared:+, }$text $elapsed s"
  return "$code"
}

# Free space in MiB where a folder is, or would be made.
free_mib() {
  local folder=$1
  while ! [ -d "$folder" ]; do folder=$(dirname "$folder"); done
  df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024) }'
}

# fail_if_full TEXT: exits; names the disk when that is the cause.
fail_if_full() {
  local free
  free=$(free_mib "$cache")
  if [ "$free" -lt "$cache_minimum_mib" ]; then
    fail "no disk space in the cache folder: $cache has $free MiB left, $cache_minimum_mib are needed; free some or set XDG_CACHE_HOME to a folder on another disk"
  fi
  fail "$1"
}

# The cache folder: compiled Kubernetes, the fleet image, logs, and what was learnt about this machine.
cache_minimum_mib=64
open_cache() {
  mkdir -p "$cache/logs" 2>/dev/null || fail_if_full "cannot create the cache folder $cache; set XDG_CACHE_HOME to a folder that you may write"
  [ -w "$cache" ] || fail "cannot write in the cache folder $cache; set XDG_CACHE_HOME to a folder that you may write"
  [ "$(free_mib "$cache")" -ge "$cache_minimum_mib" ] || fail_if_full ''
}
