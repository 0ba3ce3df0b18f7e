# shellcheck shell=bash
# The images: Kubernetes, the fleet and Prometheus. Sourced by support/specs.

pinned_k3s=$(grep -v '^#' "$root/support/k3s-image" | head -n 1)

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# pull REF: true if the image is here afterwards. A registry that does not answer in 20 s, or refuses, is
# asked again after a day only (`specs clean --cache` forgets that).
pull() {
  local ref=$1 log=$cache/logs/pull.log refused code=0
  refused=$cache/refused-$(printf '%s' "$ref" | tr -c 'A-Za-z0-9._-' _)
  if [ -n "$(find "$refused" -mmin -1440 2>/dev/null)" ]; then return 1; fi
  step "$log" "Pulling $ref" pull_answered_soon "$ref" "$log" || code=$?
  if [ "$code" = 0 ]; then
    rm -f "$refused"
    return 0
  fi
  prepared=${prepared%, Pulling*}
  last_line "$log" 300 >"$refused"
  say "  not to be had here: $(cat "$refused")"
  return 1
}

# docker pull prints nothing until the registry has answered.
pull_answered_soon() {
  local deadline=$((SECONDS + 20)) pid
  docker pull "$1" &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ] && ! [ -s "$2" ]; then
      kill "$pid"
      echo 'the registry did not answer in 20 s'
      return 1
    fi
    sleep 0.2
  done
  wait "$pid"
}

# build_image TEXT COMMAND...: runs a builder that prints its result and tells its progress on standard
# error; sets `built` to what it printed. Says TEXT only if the builder has something to tell.
build_image() {
  local text=$1 out=$run_folder/built code=0 began=$SECONDS
  shift
  start_job told "$text" "$out" "$@"
  wait_job || code=$?
  [ "$code" = 0 ] || fail_if_full "$text failed (exit code $code); the reason is above"
  [ $((SECONDS - began)) -lt 2 ] || prepared="$prepared${prepared:+, }$text $((SECONDS - began)) s"
  built=$(tail -n 1 "$out")
}

told() {
  local text=$1 out=$2
  shift 2
  "$@" 2>&1 >"$out" | announce "$text" >&2
  return "${PIPESTATUS[0]}"
}

announce() {
  local line said=''
  trap '' TERM INT HUP
  while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$said" ] || printf '%s ...\n' "$1"
    said=1
    printf '  %s\n' "$line"
  done
}

build_offline() {
  set -- "$root/support/offline-cluster/build"
  if [ -n "$kubernetes_dir" ]; then set -- "$@" --kubernetes-dir "$kubernetes_dir"; fi
  build_image "Building the offline cluster" "$@"
  offline_image=$built
}

# Sets SPECS_K3S_IMAGE: what was asked for; else the pinned k3s if it is here or can be pulled; else the
# offline image.
prepare_k3s() {
  if [ -n "$k3s_image" ]; then
    has_image "$k3s_image" || pull "$k3s_image" || fail "the image $k3s_image is not here and cannot be pulled"
    SPECS_K3S_IMAGE=$k3s_image
  elif [ -z "$kubernetes_dir" ] && { has_image "$pinned_k3s" || pull "$pinned_k3s"; }; then
    SPECS_K3S_IMAGE=$pinned_k3s
    # So the fleet's base can be pulled, too.
    export SPECS_PULL=1
  else
    build_offline
    SPECS_K3S_IMAGE=$offline_image
  fi
  export SPECS_K3S_IMAGE
}

# save_named NAME REF: an image that the user names; sets `saved` to its archive.
save_named() {
  has_image "$2" || pull "$2" || fail "the image $2 is not here and cannot be pulled"
  saved=$cache/$1-$(docker image inspect --format '{{.Id}}' "$2" | tail -c 65).tar
  [ -s "$saved" ] && return
  docker save --output "$saved.part" "$2" || fail_if_full "cannot save the image $2"
  mv "$saved.part" "$saved"
}

# prepare_image NAME REFERENCE TEXT BUILDER: sets SPECS_NAME_IMAGE to the REFERENCE that was given, else to what is built,
# and SPECS_NAME_ARCHIVE to its archive, which a cluster in a container imports.
prepare_image() {
  local image=$2 archive
  if [ -n "$image" ]; then
    save_named "$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')" "$image"
    archive=$saved
  else
    build_image "$3" "$4"
    read -r image archive <<<"$built"
  fi
  export "SPECS_$1_IMAGE=$image" "SPECS_$1_ARCHIVE=$archive"
}

prepare_fleet() {
  prepare_image FLEET "$fleet_image" 'Building the fleet image' "$root/fleet-fixtures/Fleet/build-image"
}

prepare_prometheus() {
  prepare_image PROMETHEUS "$prometheus_image" 'Preparing the Prometheus image' "$root/support/prometheus/build-image"
}
