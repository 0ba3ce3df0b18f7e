# shellcheck shell=bash
# `specs bench`: measures warm runs. Nothing else should run on the machine meanwhile. Sourced by support/specs.

command_bench() {
  local number sections folder folders=() peaks parts
  export SPECS_KEEP=0
  prepare run
  peaks=$run_folder/peaks
  : >"$peaks"
  mapfile -t parts < <(parts)
  for sections in "${parts[@]}"; do
    for ((number = 1; number <= runs; number++)); do
      folder=$SPECS_RESULTS/bench-${sections// /-}-$number
      mkdir -p "$folder"
      folders+=(--results "$folder")
      say "Warm run $number of $runs of sections $sections ..."
      bench_run "$folder" "$(filter_of "$sections")" "$run_folder/times-${sections// /-}"
    done
  done
  printf '\n%-46s %12s   %s\n' 'Figure' 'measured' 'wanted'
  for sections in "${parts[@]}"; do
    figure "warm run of sections $sections (median)" "$(median 1 "$run_folder/times-${sections// /-}") s" 'at most 60 s'
    figure '  of it before the tests start (median)' "$(median 2 "$run_folder/times-${sections// /-}") s" 'at most 3 s'
  done
  figure 'peak memory of the whole (highest)' "$(highest 3 "$peaks") MiB" 'at most 2560 MiB'
  figure '  cluster containers' "$(highest 1 "$peaks") MiB" ''
  figure '  test processes' "$(highest 2 "$peaks") MiB" ''
  if [ -f "$cache/cold-run" ]; then
    figure 'last specs run that prepared images' "$(cut -d ' ' -f 1 "$cache/cold-run") s" "at most 900 s"
    printf '  it prepared: %s\n' "$(sed 's/^[^(]*(//; s/)$//' "$cache/cold-run")"
  else
    figure 'last specs run that prepared images' 'not known' 'at most 900 s'
  fi
  specs_tool bench "${folders[@]}"
}

# The parts of the specification that have a limit each, by the numbers of their sections: those of tenants, rights and the
# first drill together, and every other section by itself.
parts() {
  echo '10 20 50'
  sections_of_controls | awk '$2 !~ /^(10|20|50)$/ { print $2 }' | sort -u
}

# What `dotnet test` calls the controls of some sections.
filter_of() {
  sections_of_controls | awk -v sections=" $1 " 'index(sections, " " $2 " ") { printf "%sTestCategory=control:%s", sep, $1; sep = "|" }'
}

# A line for each control that has a feature: its id, the number of its section.
sections_of_controls() {
  local feature id
  for feature in "$root"/features/*/*.feature; do
    id=$(sed -n 's/^@control:\([a-z0-9-]*\).*/\1/p' "$feature" | head -n 1)
    feature=${feature%/*}
    feature=${feature##*/}
    echo "$id ${feature%%-*}"
  done
}

figure() { printf '%-46s %12s   %s\n' "$1" "$2" "$3"; }

# bench_run FOLDER FILTER TIMES: one `specs run`, its memory sampled until it ends. Adds a line to TIMES: seconds of the whole,
# seconds before the tests; and one for every sample to $peaks: MiB of containers, of test processes, of both.
bench_run() {
  local folder=$1 times=$3 began code=0 of_containers of_processes
  rm -f "$folder/.run"
  began=$(now_ms)
  set -- --cluster "$cluster" --filter "$2"
  if [ -n "$k3s_image" ]; then set -- "$@" --k3s-image "$k3s_image"; fi
  if [ -n "$fleet_image" ]; then set -- "$@" --fleet-image "$fleet_image"; fi
  if [ -n "$prometheus_image" ]; then set -- "$@" --prometheus-image "$prometheus_image"; fi
  if [ -n "$kubernetes_dir" ]; then set -- "$@" --kubernetes-dir "$kubernetes_dir"; fi
  # Without what `prepare` has found: a run by itself has to find it.
  start_job env -u SPECS_K3S_IMAGE -u SPECS_FLEET_IMAGE -u SPECS_FLEET_ARCHIVE -u SPECS_PROMETHEUS_IMAGE -u SPECS_PROMETHEUS_ARCHIVE -u SPECS_PULL SPECS_RESULTS="$folder" \
    "$root/support/specs" run "$@" >"$folder/console.log" 2>&1
  while kill -0 "$job" 2>/dev/null; do
    of_containers=$(memory_of_containers "$(cut -d ' ' -f 1 "$folder/.run" 2>/dev/null)")
    of_processes=$(memory_of_processes "$job")
    printf '%s %s %s\n' "$of_containers" "$of_processes" "$((of_containers + of_processes))" >>"$peaks"
    sleep 0.3
  done
  wait_job || code=$?
  if [ "$code" != 0 ]; then
    tail -n 15 "$folder/console.log" >&2
    [ "$code" = 1 ] || fail "the run ended with exit code $code: no figures (its output: $folder/console.log)"
    say 'A control failed in this run; its times are shown all the same.'
  fi
  printf '%s %s\n' "$(seconds $(($(now_ms) - began)))" "$(seconds "$(cut -d ' ' -f 2 "$folder/.run")")" >>"$times"
}

seconds() { awk -v ms="$1" 'BEGIN { printf "%.1f", ms / 1000 }'; }

# MiB that the containers of a run use, without the file cache that the kernel would give back; as `docker stats`.
memory_of_containers() {
  local id folder bytes total=0
  [ -n "$1" ] || { echo 0 && return; }
  for id in $(docker ps -q --no-trunc --filter "label=security.specs/run=$1"); do
    for folder in "/sys/fs/cgroup/memory/docker/$id" "/sys/fs/cgroup/memory/system.slice/docker-$id.scope" \
      "/sys/fs/cgroup/docker/$id" "/sys/fs/cgroup/system.slice/docker-$id.scope"; do
      bytes=$(cat "$folder/memory.usage_in_bytes" "$folder/memory.current" 2>/dev/null) || [ -n "$bytes" ] || continue
      total=$((total + bytes - $(awk '$1 ~ /^(total_)?inactive_file$/ { bytes = $2 } END { print bytes + 0 }' "$folder/memory.stat")))
    done
  done
  echo $((total / 1048576))
}

# MiB of a process and all its descendants; shared pages are counted once (Pss).
memory_of_processes() {
  local family pid
  family=$(cat /proc/[0-9]*/stat 2>/dev/null | sed -E 's/^([0-9]+) .*\) . ([0-9]+) .*/\1 \2/' |
    awk -v top="$1" '{ parent[$1] = $2 } END { for (p in parent) for (a = p; a in parent; a = parent[a]) if (a == top) { print p; break } }')
  for pid in $family; do cat "/proc/$pid/smaps_rollup" 2>/dev/null || true; done |
    awk '$1 == "Pss:" { kib += $2 } END { print int(kib / 1024) }'
}

# median COLUMN FILE, highest COLUMN FILE
median() {
  awk -v column="$1" '{ print $column }' "$2" | sort -n |
    awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}
highest() { awk -v column="$1" '{ print $column }' "$2" | sort -n | tail -n 1; }
