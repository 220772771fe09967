#!/bin/sh
# stand-ins.sh FOLDER: the images that the tests need, from their registry where it can be reached. Where not, stand-ins
# made of Debian's and npm's packages take their names: only ever in an engine of the tests' own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1/images
apt_mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
has() { docker image inspect "$1" > /dev/null 2>&1; }

# there IMAGE: whether it is there, or comes from the registry; one that does not answer is asked only once
there() {
  if has "$1"; then return 0; fi
  if [ "${unreachable:-no}" = yes ]; then return 1; fi
  if timeout 120 docker pull --quiet "$1" > /dev/null 2>&1; then return 0; fi
  unreachable=yes
  return 1
}

there debian:bookworm-slim ||
  mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm - "$apt_mirror" |
    docker import --change 'CMD ["bash"]' --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - debian:bookworm-slim > /dev/null

there redis:7 || docker build --quiet --tag redis:7 "$here/stand-ins/redis" > /dev/null
there valkey/valkey:8 || docker build --quiet --tag valkey/valkey:8 "$here/stand-ins/valkey" > /dev/null

if ! there node:22-bookworm-slim; then
  mkdir -p "$scratch"
  cp "$here/stand-ins/node/Dockerfile" "$scratch/"
  # The machine's own authorities, where it has some: a registry of packages may be reached by them alone.
  cp "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$scratch/authorities.crt"
  cd "$scratch"
  node=$(npm pack --silent "node-linux-$(node -p process.arch)@22.22.0")
  npm=$(npm pack --silent npm@10.9.9)
  mv "$node" node.tgz
  mv "$npm" npm.tgz
  docker build --quiet --tag node:22-bookworm-slim . > /dev/null
  cd /
  rm -rf "$scratch"
fi
