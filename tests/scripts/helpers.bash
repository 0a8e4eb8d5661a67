# For the checks' own tests: a small tree of files, and what a check says about it.
# Sourced; the caller gets a fresh folder $tree that goes away at its end.
set -euo pipefail
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cases=0

# write PATH TEXT: a file of the tree.
write() {
  mkdir -p "$tree/$(dirname "$1")"
  printf '%s\n' "$2" >"$tree/$1"
}
# fresh: an empty tree.
fresh() { rm -rf "${tree:?}"/* "$tree"/.[!.]* 2>/dev/null || true; }

# accepts WHAT COMMAND…: the command must succeed.
accepts() {
  local what=$1 said
  shift
  cases=$((cases + 1))
  said=$("$@" 2>&1) || { echo "should accept $what, but said: $said" >&2; exit 1; }
}
# refuses WHAT PATTERN COMMAND…: the command must fail and say PATTERN.
refuses() {
  local what=$1 pattern=$2 said
  shift 2
  cases=$((cases + 1))
  if said=$("$@" 2>&1); then
    echo "should refuse $what, but accepted it: $said" >&2
    exit 1
  fi
  grep -Eq -- "$pattern" <<<"$said" || { echo "refused $what without saying /$pattern/: $said" >&2; exit 1; }
}
