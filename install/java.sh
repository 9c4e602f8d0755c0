#!/usr/bin/env bash
# Java 17 is looked for; as root it is installed from the system's packages, otherwise one line says what to type.
set -euo pipefail
found() { command -v java >/dev/null && java -version 2>&1 | grep -qE 'version "(17|21)\.'; }
found && exit 0
if [ "$(id -u)" = 0 ]; then
  echo "installing Java 17 from the system's packages"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openjdk-17-jre-headless procps >/dev/null
  found && exit 0
fi
echo "Java 17 is needed: sudo apt-get install openjdk-17-jre-headless" >&2
exit 3
