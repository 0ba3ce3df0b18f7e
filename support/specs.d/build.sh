# shellcheck shell=bash
# The .NET side: SDK, packages, build. Sourced by support/specs.

configuration=Debug
state=$root/steps/obj
scenarios_dll=$root/steps/bin/$configuration/net10.0/SecuritySpecs.dll
tool_dll=$root/support/Tool/bin/$configuration/net10.0/specs-tool.dll

require_sdk() {
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' "$root/global.json")
  have dotnet || fail "the .NET SDK is missing: install $wanted or later of .NET ${wanted%%.*} (https://dotnet.microsoft.com/download) and put dotnet on the PATH"
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    fail "no installed .NET SDK fits global.json, which wants $wanted or later of .NET ${wanted%%.*}: $(dotnet --list-sdks 2>/dev/null | cut -d ' ' -f 1 | paste -sd ' ' -) found (https://dotnet.microsoft.com/download)"
}

# A fingerprint of the files that `find` selects by name, size and time. Where find cannot print those
# (not GNU) it is never the same twice, so that everything is built each time.
fingerprint() {
  (cd "$root" && find "$@" -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | cksum) || echo "$$ $RANDOM $SECONDS"
}

# Browser.Tests has its packages only where the browser is.
package_inputs() {
  command -v chromium || true
  fingerprint . \( -name .git -o -name bin -o -name obj -o -name TestResults \) -prune -o -type f \
    \( -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.sln' -o -name global.json -o -iname nuget.config -o -name .local-reqnroll-nunit \)
}

# The sources that decide about the output of one of the three things that are built here, or about the code that the scenarios are
# compiled with. The catalogue is read when scenarios run.
build_inputs() {
  local skip=(-name bin -o -name obj -o -name TestResults -o -name catalogue.yaml -o -name frameworks.yaml -o -name coverage.yaml)
  local but_not=("${skip[@]}" -o -path support/tests -o -path support/images -o -path support/specs -o -path support/specs.d)
  package_inputs
  case $1 in
    scenarios) fingerprint features steps support \( "${but_not[@]}" \) -prune -o -type f ;;
    code) fingerprint steps support \( "${but_not[@]}" \) -prune -o -type f ;;
    tool) fingerprint support \( "${but_not[@]}" \) -prune -o -type f ;;
    everything) fingerprint features steps support fleet-fixtures \( "${skip[@]}" \) -prune -o -type f ;;
  esac
}

unchanged() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

# Test runs of a working copy share a lock (descriptor 8); who builds needs it alone, so that nothing is
# built under a running test process.
lock_build() {
  if ! mkdir -p "$state" || ! [ -w "$state" ]; then fail "cannot write in $state"; fi
  have flock || return 0
  exec 8>>"$state/specs.lock"
  flock -n "-$1" 8 && return 0
  say 'Waiting for another specs run in this working copy ...'
  flock -w 900 "-$1" 8 || fail 'another specs run in this working copy did not end in 15 min'
}

restored() {
  unchanged "$state/specs.packages" "$(package_inputs)" && [ -f "$state/project.assets.json" ] &&
    [ -d "${NUGET_PACKAGES:-${HOME:-}/.nuget/packages}" ]
}

# Restores packages. Where the feed lacks Reqnroll.NUnit (or what comes with it) and nothing else, support/reqnroll-nunit takes its place.
restore() {
  local log=$state/specs.restore.log marker=$root/.local-reqnroll-nunit code=0
  step "$log" 'Restoring packages' dotnet restore "$root/SecuritySpecs.sln" || code=$?
  if [ "$code" != 0 ]; then
    if [ -e "$marker" ] || ! lacks_only_reqnroll_nunit "$log"; then fail_restore "$log" "$code"; fi
    say 'This feed lacks Reqnroll.NUnit: support/reqnroll-nunit takes its place (remembered in .local-reqnroll-nunit; delete it to try the feed again).'
    : >"$marker"
    step "$log" 'Restoring packages' dotnet restore "$root/SecuritySpecs.sln" || fail_restore "$log" $?
  fi
  package_inputs >"$state/specs.packages"
}

lacks_only_reqnroll_nunit() {
  local errors
  errors=$(errors_of "$1") && ! grep -vE 'error NU110[123]: Unable to find (a stable )?package Reqnroll\.(NUnit|Tools\.MsBuild\.Generation)[. ]' <<<"$errors" >/dev/null
}

# Says why, whatever it was: also where dotnet itself had nothing to say.
fail_restore() {
  show_errors "$1"
  if [ -s "$1" ]; then fail "the packages cannot be restored: the reason is above (all of it: $1)"; fi
  fail "the packages cannot be restored: dotnet restore ended with exit code $2 and without a word"
}

errors_of() { grep -E '(^|: )error[ :]' "$1" | sed -E "s/^[[:space:]]+//; s/ \[[^][]*\]\$//; s#$root/##g; s#^(\.\./)+##" | awk '!seen[$0]++'; }

# Of each feature that cannot be parsed the first error: the parser's later ones follow from it.
features_in_error() { errors_of "$1" | grep -E '^[^(:]*\.feature[(:]' | awk -F '[(:]' '!seen[$1]++'; }

# The errors of a build log: each once, paths from the root. Those in features hide those in the code generated
# from them. Where there is none to be found, the end of the log.
show_errors() {
  {
    features_in_error "$1" || errors_of "$1" | sed -n 1,20p || tail -n 20 "$1"
  } >&2
}

# is_built WHAT: its output is there and its sources are those that it was built from.
is_built() {
  [ -f "$tool_dll" ] && { [ "$1" = tool ] || [ -f "$scenarios_dll" ]; } && unchanged "$state/specs.$1.built" "$(build_inputs "$1")"
}

# build WHAT NAME PROJECT: with its packages; nothing if all is there.
build() {
  if restored && { is_built "$1" || is_built everything; }; then return 0; fi
  lock_build x
  restored || restore
  is_built "$1" || compile "$@"
  lock_build s
}

compile() {
  local what=$1 inputs code log=$state/specs.build-$1.log options=(--no-restore)
  inputs=$(build_inputs "$what")
  code=$(build_inputs code)
  # Where nothing but features has changed, what they are compiled with is there.
  if [ "$what" = scenarios ] && [ -f "$scenarios_dll" ] && unchanged "$state/specs.code.built" "$code"; then
    options+=(--no-dependencies)
  fi
  # A compiler that ends at once does not earn back what it measures of itself: a quarter of its processor time.
  if ! DOTNET_TieredPGO=0 step "$log" "Building $2" dotnet build "$root/$3" "${options[@]}" --configuration "$configuration" -nologo -verbosity:minimal; then
    show_errors "$log"
    if features_in_error "$log" >/dev/null; then fail 'nothing was run: correct the feature named above'; fi
    fail "$(basename "$3") does not build: correct what is named above (all of it: $log)"
  fi
  printf '%s\n' "$inputs" >"$state/specs.$what.built"
  if [ "$what" != tool ]; then printf '%s\n' "$code" >"$state/specs.code.built"; fi
}
