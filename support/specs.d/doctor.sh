# shellcheck shell=bash
# `specs doctor`. Sourced by support/specs.

doctor_missing=0

present() { printf '  ok       %-18s %s\n' "$1" "$2"; }
optional() { printf '  --       %-18s %s\n' "$1" "$2"; }
missing() {
  printf '  MISSING  %-18s %s\n' "$1" "$2"
  doctor_missing=1
}

command_doctor() {
  doctor_machine
  doctor_dotnet
  doctor_engine
  if [ "$doctor_missing" = 0 ]; then
    echo 'specs run can work here.'
  else
    echo 'specs run cannot work here: see MISSING above.'
    exit 2
  fi
}

doctor_machine() {
  local name memory free
  name=$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null || uname -sr)
  memory=$(awk '/^MemTotal/ { printf ", %.1f GiB memory", $2 / 1048576 }' /proc/meminfo 2>/dev/null || true)
  present machine "$name, $(getconf _NPROCESSORS_ONLN) cores$memory, $(id -un)"
  if mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ]; then
    free=$(free_mib "$cache")
    if [ "$free" -ge "$cache_minimum_mib" ]; then
      present 'cache folder' "$cache: $(du -sh "$cache" | cut -f 1) used, $free MiB free"
    else
      missing 'cache folder' "$cache: $free MiB free, at least $cache_minimum_mib needed"
    fi
  else
    missing 'cache folder' "$cache cannot be written: set XDG_CACHE_HOME"
  fi
}

doctor_dotnet() {
  local reason
  if reason=$( (require_sdk) 2>&1); then
    require_sdk
    present '.NET SDK' "$sdk_version"
  else
    missing '.NET SDK' "${reason#specs: }"
  fi
  if have gcc || have clang; then
    present 'C linker' 'gcc or clang: what runs in pods becomes machine code'
  else
    optional 'C linker' 'no gcc and no clang: pods start more slowly'
  fi
  if [ -e "$root/.local-reqnroll-nunit" ]; then
    optional packages "support/reqnroll-nunit in place of Reqnroll.NUnit, which this feed lacks (.local-reqnroll-nunit)"
  else
    present packages 'the default ones, until a restore shows that the feed lacks some'
  fi
}

doctor_engine() {
  if engine_answers; then
    present 'container engine' "$(docker version --format '{{.Server.Version}}, API {{.Server.APIVersion}}'), $(docker info --format '{{.Driver}}, cgroup v{{.CgroupVersion}}' 2>/dev/null)"
    doctor_images
  elif is_root && have dockerd; then
    optional 'container engine' 'installed but not running: a run starts it and stops it again'
  elif is_root && is_debian && have apt-get; then
    optional 'container engine' "none: a run installs the distribution's docker.io"
  else
    missing 'container engine' "$( (fail_without_engine) 2>&1 | sed 's/^specs: //')"
  fi
}

doctor_images() {
  local count
  if has_image "$pinned_k3s"; then
    present "k3s" "$pinned_k3s is here"
  elif [ -n "$(find "$cache" -maxdepth 1 -name 'refused-*' -mmin -1440 2>/dev/null)" ]; then
    optional k3s "$pinned_k3s cannot be pulled here: the offline cluster is used"
  else
    optional k3s "$pinned_k3s is not here: a run tries to pull it"
  fi
  count=$(docker images --quiet --filter 'reference=securityspecs/*' | sort -u | wc -l)
  if [ "$count" -gt 0 ]; then present images "$count built here (specs clean --cache removes them)"; else optional images 'none built here yet'; fi
  count=$(docker ps -aq --filter label=security.specs/run | wc -l)
  if [ "$count" -gt 0 ]; then optional containers "$count of runs that are going on, kept or were killed (specs clean removes the last two)"; fi
}
