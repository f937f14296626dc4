#!/usr/bin/env bash
# Puts the real servers of the tests on this machine: Debian's packages, and Python's in an environment of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=${1:-.venv-servers}
wanted=(slapd ldap-utils mediawiki php-cli php-sqlite3 redmine redmine-sqlite puma request-tracker5 rt5-db-sqlite starman)

if ! command -v apt-get >/dev/null; then
  echo "The real servers come from Debian 12's packages, and there is no apt-get here; their tests skip. See docs/testing.md."
  exit 1
fi
sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
state() { dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null || true; }
need=(); for name in "${wanted[@]}"; do [ "$(state "$name")" = "ii " ] || need+=("$name"); done

if [ ${#need[@]} -gt 0 ]; then
  echo "Installing ${need[*]} (about two minutes) ..."
  # None of them is to run as a service of this machine: the tests start their own.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
    $sudo chmod +x $policy
    trap '$sudo rm -f $policy' EXIT
  fi
  $sudo apt-get update -qq
  # The Bundler inside Debian's patched Ruby does not see Debian's gems; the packaged one does.
  bundler=$(apt-cache show ruby-bundler | sed -n 's/^Version: \([0-9.]*\).*/\1/p' | head -1)
  fetch() {
    $sudo env DEBIAN_FRONTEND=noninteractive BUNDLER_VERSION="$bundler" \
      apt-get install -y -qq --no-install-recommends "${need[@]}" >>build/servers.log 2>&1
  }
  mkdir -p build
  fetch || fetch || { tail -30 build/servers.log; echo "Installing failed; all of it stands in build/servers.log"; exit 1; }
fi

echo "Installing Synapse, Ralph and a SCIM server in $place (about a minute) ..."
[ -x "$place/bin/python" ] || "${PYTHON:-python3}" -m venv "$place"
"$place/bin/python" -m pip install -q --disable-pip-version-check --no-compile --no-deps --require-hashes -r tests/servers/requirements.txt
# The empty databases that Debian made, for each run of the tests to copy: whoever runs them may read these.
databases=/var/lib/dbconfig-common/sqlite3
for pair in redmine/instances/default/redmine_default:redmine.db request-tracker5/rtdb:rt.db; do
  $sudo install -m 644 "$databases/${pair%%:*}" "$place/${pair##*:}"
done
touch "$place/ready"
echo "The real servers are here; make test starts them."
