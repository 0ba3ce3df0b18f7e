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

# Process group of the running job; empty between jobs.
job=''

# Starts a command in a process group of its own, so that a signal can stop all of it. It does not inherit
# the locks (descriptors 6 to 8): a build server or an engine that outlives us must not hold them.
# Its input is what `job_input` names, else none.
job_input=/dev/null
start_job() {
  set -m
  "$@" <"$job_input" 6>&- 7>&- 8>&- &
  job=$!
  set +m
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

last_line() { tr '\r' '\n' <"$1" 2>/dev/null | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c 1-100 || true; }

# step LOG TEXT COMMAND...: says TEXT, runs COMMAND with its output in LOG, and shows how far it is:
# on a terminal as a running line, elsewhere as a line every 15 s. Returns the command's exit code.
step() {
  local log=$1 text=$2 began=$SECONDS shown=0 elapsed code=0
  shift 2
  say "$text ..."
  : >"$log" || fail "cannot write $log"
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
  wait "$job" || code=$?
  job=''
  elapsed=$((SECONDS - began))
  if [ -t 2 ] && [ "$shown" -gt 0 ]; then printf '\r\033[K' >&2; fi
  if [ "$elapsed" -ge 2 ] && [ "$code" = 0 ]; then say "  done in $elapsed s"; fi
  return "$code"
}
