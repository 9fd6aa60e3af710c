# Shared by samples/quickstart, Tests/run and Benchmarks/run, which source it after `set -eu`.
# It defines functions and changes nothing by itself.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
requirements=$root/Tests/requirements.txt
venv=$root/.build/venv

say() { printf '\n==> %s\n' "$*"; }

fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "not root and no sudo; run this as root: $*"
  fi
}

# Installs those packages of the given sections of samples/packages.txt that are missing.
install_packages() {
  local section package wanted missing=()
  for wanted in "$@"; do
    while read -r section package _; do
      [ "$section" = "$wanted" ] || continue
      dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
        missing+=("$package")
    done <"$root/samples/packages.txt"
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "Debian packages ($*): all there"
    return
  fi
  command -v apt-get >/dev/null ||
    fail "this is not Debian; install the likes of: ${missing[*]}"
  say "Debian packages ($*): installing ${missing[*]}"
  as_root apt-get -o DPkg::Lock::Timeout=600 -q update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -q -y \
    --no-install-recommends install "${missing[@]}"
}

# Puts a Swift compiler of 6.2 or later first in PATH. Debian's python3-swiftclient installs a
# program called swift too, so every swift in PATH is asked for its version.
find_swift() {
  local candidate answer version seen=
  while read -r candidate; do
    answer=$("$candidate" --version 2>&1) || true
    version=$(sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' <<<"$answer")
    case $version in
      6.[0-1] | 6.[0-1].* | [0-5].* | '')
        seen="$seen  $candidate says: ${answer%%$'\n'*}"$'\n'
        continue
        ;;
    esac
    PATH=$(dirname "$candidate"):$PATH
    export PATH
    say "Swift $version ($candidate)"
    return
  done < <(type -ap swift)
  fail "no Swift compiler of 6.2 or later in PATH.
${seen}Install the toolchain for Debian 12 from https://www.swift.org/install/linux/ and put its usr/bin
in PATH. (The swift that comes with Debian's python3-swiftclient is another program.)"
}

# Makes a Python environment, again when its requirements change: that of the tests and benchmarks,
# or that of the given folder and file of requirements.
make_venv() {
  local venv=${1:-$venv} requirements=${2:-$requirements}
  local name=${venv#"$root"/}
  if cmp -s "$requirements" "$venv/requirements.txt" && "$venv/bin/python" -c '' 2>/dev/null; then
    say "Python environment: $("$venv/bin/python" --version) in $name"
    return
  fi
  say "Python environment: making $name"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$venv/requirements.txt"
}
