#!/usr/bin/env bash
# The environment .venv, exactly as uv.lock says; uv itself comes from the package index, into a folder of its own.
set -euo pipefail
python="$1"
uv_version=0.13.9
command -v "$python" >/dev/null || { echo "Python 3.11 is needed and '$python' is not found: apt-get install python3.11 python3.11-venv, or make PYTHON=/path/to/python3.11" >&2; exit 3; }
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq python3.11-venv
  else echo "Python's venv module is missing: sudo apt-get install python3.11-venv" >&2; exit 3; fi
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip -q
.venv/bin/python -m pip install -q --disable-pip-version-check "uv==$uv_version"
VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv sync --frozen --active --inexact --quiet
# `python -m jobs` in whatever folder: the project is no package that could be installed, so its folder is put on the path, as the last.
echo "$PWD" > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/enterprise_credit.pth"
# Once here, as otherwise every Spark worker and every Airflow task compiles what it imports anew where no bytecode may be written.
# Some packages carry files that are not meant to compile, hence `true`.
env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m compileall -q -j 0 .venv/lib/python3.11/site-packages >/dev/null || true
