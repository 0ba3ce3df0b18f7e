# shellcheck shell=bash
# The .NET side: SDK, packages, build. Sourced by support/specs.

configuration=Debug
scenarios_dll=$root/steps/bin/$configuration/net10.0/SecuritySpecs.dll
tool_dll=$root/support/Tool/bin/$configuration/net10.0/specs-tool.dll

specs_tool() { dotnet "$tool_dll" "$@"; }

require_sdk() {
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' "$root/global.json")
  have dotnet || fail "the .NET SDK is missing: install $wanted or later of .NET ${wanted%%.*} (https://dotnet.microsoft.com/download) and put dotnet on the PATH"
  sdk_version=$(cd "$root" && dotnet --version 2>/dev/null) ||
    fail "no installed .NET SDK fits global.json, which wants $wanted or later of .NET ${wanted%%.*}: $(dotnet --list-sdks 2>/dev/null | cut -d ' ' -f 1 | paste -sd ' ' -) found (https://dotnet.microsoft.com/download)"
}

# A fingerprint of the files that `find` selects by name, size and time. Where find cannot print those
# (not GNU) it is never the same twice, so that everything is built each time.
fingerprint() {
  (cd "$root" && find "$@" -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | cksum) || echo "$$ $RANDOM $SECONDS"
}

package_inputs() {
  fingerprint . \( -name .git -o -name bin -o -name obj -o -name TestResults \) -prune -o -type f \
    \( -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.sln' -o -name global.json -o -iname nuget.config -o -name .local-reqnroll-nunit \)
}

# The sources that decide about the output of one of the three things that are built here.
build_inputs() {
  local skip=(-name bin -o -name obj -o -name TestResults)
  local but_not=("${skip[@]}" -o -path support/tests -o -path support/offline-cluster -o -path support/specs -o -path support/specs.d)
  package_inputs
  case $1 in
    scenarios) fingerprint features steps support \( "${but_not[@]}" \) -prune -o -type f ;;
    tool) fingerprint support \( "${but_not[@]}" \) -prune -o -type f ;;
    everything) fingerprint features steps support fleet-fixtures \( "${skip[@]}" \) -prune -o -type f ;;
  esac
}

unchanged() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

# Test runs of a working copy share a lock (descriptor 8); who builds needs it alone, so that nothing is
# built under a running test process.
lock_build() {
  have flock || return 0
  if ! mkdir -p "$root/steps/obj" || ! [ -w "$root/steps/obj" ]; then fail "cannot write in $root/steps/obj"; fi
  exec 8>>"$root/steps/obj/specs.lock"
  flock -n "-$1" 8 && return 0
  say 'Waiting for another specs run in this working copy ...'
  flock -w 900 "-$1" 8 || fail 'another specs run in this working copy did not end in 15 min'
}

restored() {
  unchanged "$root/steps/obj/specs.packages" "$(package_inputs)" && [ -f "$root/steps/obj/project.assets.json" ] &&
    [ -d "${NUGET_PACKAGES:-${HOME:-}/.nuget/packages}" ]
}

# Restores packages. Where the feed lacks Reqnroll.NUnit, support/reqnroll-nunit takes its place; anything else is an error.
restore() {
  local log=$cache/logs/restore.log stamp=$root/steps/obj/specs.packages missing marker=$root/.local-reqnroll-nunit
  if ! step "$log" 'Restoring packages' dotnet restore "$root/SecuritySpecs.sln"; then
    missing=$(grep -oE 'NU1101: Unable to find package [^ ]+' "$log" | sed 's/.* //; s/\.$//' | sort -u) || true
    if [ -e "$marker" ] || [ "$missing" != Reqnroll.NUnit ]; then
      show_errors "$log"
      fail_if_full "the packages cannot be restored: the reason is above (all of it: $log)"
    fi
    say 'This feed lacks Reqnroll.NUnit: support/reqnroll-nunit takes its place (remembered in .local-reqnroll-nunit; delete it to try the feed again).'
    : >"$marker"
    if ! step "$log" 'Restoring packages' dotnet restore "$root/SecuritySpecs.sln"; then
      show_errors "$log"
      fail_if_full "the packages cannot be restored: the reason is above (all of it: $log)"
    fi
  fi
  mkdir -p "${stamp%/*}"
  package_inputs >"$stamp"
}

errors_of() { grep -E ': error ' "$1" | sed -E "s/^[[:space:]]+//; s/ \[[^][]*\]\$//; s#$root/##g; s#^(\.\./)+##" | awk '!seen[$0]++'; }

# Of each feature that cannot be parsed the first error: the parser's later ones follow from it.
features_in_error() { errors_of "$1" | grep -E '^[^(:]*\.feature[(:]' | awk -F '[(:]' '!seen[$1]++'; }

# The errors of a build log: each once, paths from the root. Those in features hide those in the code generated
# from them.
show_errors() {
  {
    features_in_error "$1" || errors_of "$1" | sed -n 1,20p || tail -n 20 "$1"
  } >&2
}

# is_built WHAT: its output is there and its sources are those that it was built from.
is_built() {
  [ -f "$scenarios_dll" ] && [ -f "$tool_dll" ] && unchanged "$root/steps/obj/specs.$1.built" "$(build_inputs "$1")"
}

# build_one WHAT PROJECT
build_one() {
  local what=$1 project=$2 inputs log=$cache/logs/build-$1.log
  if is_built "$what"; then return 0; fi
  inputs=$(build_inputs "$what")
  if ! step "$log" "Building $(basename "$project")" dotnet build "$root/$project" --no-restore \
    --configuration "$configuration" -nologo -verbosity:minimal; then
    show_errors "$log"
    if features_in_error "$log" >/dev/null; then fail 'nothing was run: correct the feature named above'; fi
    fail_if_full "$(basename "$project") does not build: correct what is named above (all of it: $log)"
  fi
  printf '%s\n' "$inputs" >"$root/steps/obj/specs.$what.built"
}

# build run|test: what `specs run` needs, or everything; nothing if that is there.
build() {
  require_sdk
  lock_build s
  if restored && { is_built everything || { [ "$1" = run ] && is_built scenarios && is_built tool; }; }; then return 0; fi
  lock_build x
  restored || restore
  if [ "$1" = test ]; then
    build_one everything SecuritySpecs.sln
    build_inputs scenarios >"$root/steps/obj/specs.scenarios.built"
    build_inputs tool >"$root/steps/obj/specs.tool.built"
  else
    build_one scenarios steps/SecuritySpecs.csproj
    build_one tool support/Tool/SecuritySpecs.Tool.csproj
  fi
  lock_build s
}
