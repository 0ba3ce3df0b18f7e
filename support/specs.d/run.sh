# shellcheck shell=bash
# `specs run`, `specs test`, `specs clean`. Sourced by support/specs.

# What was prepared, with times: for the record of a cold run.
prepared=''
offline_image=''
run_began=''

# begin: a run id, a folder for passing things, and the promise to tidy up however this ends.
begin() {
  open_cache
  run_folder=$(mktemp -d "$cache/run.XXXXXXXX") || fail_if_full "cannot write in $cache"
  # mktemp's letters and digits, so that two runs cannot have the same.
  SPECS_RUN_ID=$(printf '%s%s' "${run_folder##*.}" "$$$(date +%s)" | cksum | awk '{ printf "%08x", $1 }')
  export SPECS_RUN_ID
  run_began=$(now_ms)
  trap 'interrupted' INT TERM HUP
  trap 'end_run' EXIT
}

# By a signal: stops what runs, then tidies up as at any other end.
interrupted() {
  trap '' INT TERM HUP
  say ''
  say 'Interrupted: tidying up ...'
  stop_job
  exit 130
}

# In every end: nothing of this run stays but its results, and the cluster that --keep asked for.
end_run() {
  local code=$?
  trap '' INT TERM HUP
  trap - EXIT
  stop_job
  end_quietly
  exit "$code"
}

end_quietly() {
  if [ -n "$tests_started" ] && [ -f "$tool_dll" ]; then
    tests_started=''
    within 90 dotnet "$tool_dll" clean --run "$SPECS_RUN_ID" --cluster "$cluster" >&2 || say "specs: some of run $SPECS_RUN_ID could not be removed; 'specs clean' tries again"
  fi
  rm -rf "$run_folder"
  release_engine
}

# Set while something of this run may be left behind.
tests_started=''

# The folder of results: the given one, else TestResults; a second run at the same time gets one inside it.
open_results() {
  SPECS_RESULTS=${SPECS_RESULTS:-$root/TestResults}
  mkdir -p "$SPECS_RESULTS" || fail "cannot create the folder for results $SPECS_RESULTS"
  SPECS_RESULTS=$(cd "$SPECS_RESULTS" && pwd)
  if have flock; then
    exec 9>"$SPECS_RESULTS/.lock"
    if ! flock -n -x 9; then
      SPECS_RESULTS=$SPECS_RESULTS/run-$SPECS_RUN_ID
      mkdir -p "$SPECS_RESULTS"
      say "Another run writes its results now; those of this one go to $SPECS_RESULTS"
    fi
  fi
  export SPECS_RESULTS
  rm -f "$SPECS_RESULTS"/.run "$SPECS_RESULTS"/posture.json "$SPECS_RESULTS"/posture.html "$SPECS_RESULTS"/cucumber.* "$SPECS_RESULTS"/*.trx "$SPECS_RESULTS"/*.log
}

# prepare run|test: all that has to be there before tests can run, and the checks that need no test.
prepare() {
  begin
  export SPECS_CLUSTER=$cluster SPECS_REQUIRE=$require
  if [ -n "$keep" ]; then export SPECS_KEEP=1; fi
  if [ -n "$filter" ]; then export SPECS_FILTER=$filter; fi
  build "$1"
  open_results
  # Bad input is told before minutes are spent on images.
  start_job specs_tool check --cluster "$cluster"
  wait_job || fail 'nothing was run: correct what is named above'
  if [ "$cluster" = k3s ]; then
    require_engine
    prepare_k3s
    prepare_fleet
    prepare_prometheus
  else
    # Empty where nobody says: then without workloads, and with the public Prometheus.
    export SPECS_FLEET_IMAGE=$fleet_image SPECS_PROMETHEUS_IMAGE=$prometheus_image
  fi
  if [ "$1" = test ]; then prepare_offline; fi
  sweep
}

# The tests of the offline cluster want its image even where the scenarios run on another.
prepare_offline() {
  if [ -z "$offline_image" ] && engine_answers && is_root && is_debian; then build_offline; fi
  if [ -z "$offline_image" ]; then
    say 'The offline cluster is not built here (that takes root on Debian and an engine): its tests are skipped.'
    return 0
  fi
  # And those of containers a plain image, for which its base will do.
  build_image 'Building the offline base' "$root/support/offline-cluster/build" --base
  export SPECS_OFFLINE_IMAGE=$offline_image SPECS_TEST_IMAGE=$built
}

# Removes what killed runs left; asks the tool only if there can be something.
sweep() {
  if [ "$cluster" != k3s ] || [ -n "$(docker ps -aq --filter label=security.specs/run)" ]; then
    start_job specs_tool clean --cluster "$cluster" >&2
    wait_job || say "specs: what an earlier run left could not all be removed ('specs clean' tries again)"
  fi
}

# run_tests NAME DLL SHOWN VERBOSITY [ARGUMENT...]: a test project. Its output and TRX file go to the results; on the
# console it is followed by the lines that match SHOWN.
run_tests() {
  local name=$1 dll=$2 shown=$3 verbosity=$4 code=0
  shift 4
  set -- dotnet test "$dll" --logger "console;verbosity=$verbosity" --logger "trx;LogFileName=$name.trx" \
    --results-directory "$SPECS_RESULTS" "$@"
  # Pages of machine code that are never writable and executable at once cost a tenth of the processor time of so short a life.
  DOTNET_EnableWriteXorExecute=0 start_job logged "$SPECS_RESULTS/$name.log" "$shown" "$@"
  wait_job || code=$?
  return "$code"
}

run_scenarios() {
  local code=0
  set --
  if [ -n "$filter" ]; then set -- --filter "$filter"; fi
  if [ -f "$root/steps/specs.runsettings" ]; then set -- "$@" --settings "$root/steps/specs.runsettings"; fi
  tests_started=1
  # For who watches from outside, as `specs bench` does: whose containers these are, and how long preparing took.
  echo "$SPECS_RUN_ID $(($(now_ms) - run_began))" >"$SPECS_RESULTS/.run"
  # Of the runner's many lines those of the suite itself: progress, and a line a scenario.
  run_tests scenarios "$scenarios_dll" '^specs: ' normal "$@" || code=$?
  if grep -qE 'No test (matches|is available)' "$SPECS_RESULTS/scenarios.log"; then
    fail "the filter '$filter' matches no scenario"
  elif grep -qiE 'Incorrect format for TestCaseFilter|Invalid (filter|TestCaseFilter)' "$SPECS_RESULTS/scenarios.log"; then
    fail "the filter '$filter' is not one that dotnet test understands: PROPERTY=VALUE with & | ( ), e.g. TestCategory=control:gpu-quota"
  fi
  return "$code"
}

# summarise CODE [--trx FILE]...: ends the run: tidies up, then prints the summary, so that its sum is the last line.
summarise() {
  local tests_code=$1 code=0 summary
  shift
  summary=$(specs_tool summary --results "$SPECS_RESULTS" "$@") || code=$?
  if [ "$code" = 0 ] && [ "$tests_code" != 0 ]; then
    say "specs: the test process ended with exit code $tests_code although no test failed; $SPECS_RESULTS/scenarios.log says why"
    code=2
  fi
  # The test process has removed its own; what is left if it could not is for the tool.
  if [ "$tests_code" = 0 ] || [ "$code" = 1 ] || [ "$code" = 3 ]; then tests_started=''; fi
  end_quietly
  trap - EXIT
  printf '%s\n' "$summary" | sed '$d'
  show_end_of_cluster
  printf '%s\n' "$summary" | tail -n 1
  exit "$code"
}

# Where a component of the offline cluster has ended in the middle of the run: its last words.
show_end_of_cluster() {
  local log=$SPECS_RESULTS/cluster.log
  if grep -q 'has exited; the end of its log' "$log" 2>/dev/null; then
    printf 'The cluster ended in the middle of the run (%s):\n' "$log"
    sed -n '/has exited; the end of its log/,$p' "$log" | head -n 40 | cut -c1-400
  fi
}

# A run that had to get packages and a cluster's image is a cold one: `specs bench` shows its time.
record_cold() {
  case $prepared in
    *Restoring*'offline cluster'* | *Restoring*Pulling*) echo "$((($(now_ms) - run_began) / 1000)) s ($prepared)" >"$cache/cold-run" ;;
  esac
}

command_run() {
  local code=0
  prepare run
  run_scenarios || code=$?
  record_cold
  summarise "$code"
}

command_test() {
  local code=0 worst=0 project name dll trx=()
  export SPECS_KEEP=0
  prepare test
  for project in "$root"/support/tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    dll=$(dirname "$project")/bin/$configuration/net10.0/$name.dll
    printf '\n== %s\n' "$name"
    run_tests "$name" "$dll" . minimal || worst=$?
    [ -f "$SPECS_RESULTS/$name.trx" ] || fail "$name gave no results; its output above says why"
    trx+=(--trx "$SPECS_RESULTS/$name.trx")
  done
  printf '\n== scenarios\n'
  run_scenarios || code=$?
  show_skipped "$SPECS_RESULTS"/*.Tests.trx
  summarise "$((code > worst ? code : worst))" "${trx[@]}"
}

# show_skipped TRX...: the tests that did not run, with the reason each gave; those of scenarios are told by the summary.
# In a TRX file the message follows its result.
show_skipped() {
  awk -v RS='<UnitTestResult ' '
    function plain(text) {
      gsub(/&#xD;|&#xA;|[\r\n]+/, " ", text)
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&amp;/, "\\&", text)
      return text
    }
    FNR > 1 && /outcome="NotExecuted"/ {
      name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name)
      why = "no reason given"
      if (match($0, /<Message>/)) { why = substr($0, RSTART + 9); sub(/<\/Message>.*/, "", why) }
      if (!any++) print "\nSkipped:"
      print "  " plain(name) ": " plain(why)
    }' "$@"
}

# The images that were built here, except those that a container still uses.
clean_images() {
  local image
  for image in $(docker images --filter 'reference=securityspecs/*' --format '{{.Repository}}:{{.Tag}}'); do
    if docker image rm "$image" >/dev/null 2>&1; then echo "Removed image $image"; else echo "Left image $image: it is in use"; fi
  done
}

command_clean() {
  begin
  export SPECS_CLUSTER=$cluster
  if have dotnet && ! [ -f "$tool_dll" ]; then build run; fi
  if ! have dotnet; then
    say 'The .NET SDK is missing: only the cache can be cleaned.'
  elif engine_answers; then
    if is_root && have flock && [ -d "$engine_state" ]; then
      exec 7>>"$engine_state/users"
      flock -w 60 -s 7 || true
    fi
    specs_tool clean --kept --cluster "$cluster"
    if [ -n "$with_cache" ]; then clean_images; fi
  else
    if [ "$cluster" != k3s ]; then specs_tool clean --cluster "$cluster"; fi
    say 'No container engine answers, so no container of a run is up.'
  fi
  # Passing folders of runs that were killed; one that still runs is younger than this.
  find "$cache" -maxdepth 1 -name 'run.*' -mmin +720 -exec rm -rf {} +
  if [ -n "$with_cache" ]; then
    rm -rf "$cache"
    rm -f "$root/.local-reqnroll-nunit"
    say "Removed $cache and .local-reqnroll-nunit."
  fi
}
