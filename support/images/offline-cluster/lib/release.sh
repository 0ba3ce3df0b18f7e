# shellcheck shell=bash
# Which Kubernetes this is. Sourced by the entry point and by `build`.

OLDEST_MINOR=20
NEWEST_MINOR=36

# release_of BINARY: the release that a Kubernetes binary reports, such as 1.20.2; fails when it reports none.
release_of() {
  local said
  said=$("$1" --version 2>&1) || { echo "$1 --version failed: ${said%%$'\n'*}"; return 1; }
  [[ $said =~ ^Kubernetes\ v([0-9]+\.[0-9]+\.[0-9]+) ]] || { echo "$1 --version says '${said%%$'\n'*}'"; return 1; }
  echo "${BASH_REMATCH[1]}"
}

# minor_of RELEASE: the 20 of 1.20.2; fails for a release that this image was not made for.
minor_of() {
  [[ $1 =~ ^1\.([0-9]+)\. ]] && ((BASH_REMATCH[1] >= OLDEST_MINOR && BASH_REMATCH[1] <= NEWEST_MINOR)) && echo "${BASH_REMATCH[1]}"
}
