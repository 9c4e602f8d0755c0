#!/usr/bin/env bash
# The object store that the tests of the production shape start: MinIO (AGPL-3.0), built for tests only and never shipped.
# Go builds it, once, into .tools/; where there is neither Go nor a `minio` on the PATH those tests skip, saying so.
set -euo pipefail
version=v0.0.0-20260212201848-7aac2a2c5b7c  # the last of the archived repository
command -v minio >/dev/null && exit 0
if ! command -v go >/dev/null; then
  echo "no Go toolchain and no minio on the PATH: the tests against a MinIO will skip" >&2
  exit 0
fi
echo "building MinIO for the tests, once, a few minutes"
GOBIN="$PWD/.tools" nice go install "github.com/minio/minio@$version" || {
  echo "MinIO could not be built; put a minio on the PATH, or take Go from it and these tests will skip" >&2
  exit 3
}
