#!/bin/sh
# get-engine.sh FOLDER: a Docker engine's programs from Debian's packages (as root), and its plugins compose and buildx in
# FOLDER/cli-plugins. Debian 12 has no such plugins: they are unpacked from Debian 13's, which run there.
set -eu
folder=$1
policy=/usr/sbin/policy-rc.d
quietly='apt-get -qq -o DPkg::Lock::Timeout=300'
packages='docker.io containerd runc iptables mmdebstrap'
export DEBIAN_FRONTEND=noninteractive

if ! command -v dockerd > /dev/null || ! command -v mmdebstrap > /dev/null || ! command -v iptables > /dev/null; then
  # An engine that the packages would start is not ours.
  if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' > $policy
    chmod 755 $policy
  fi
  $quietly install -y --no-install-recommends $packages > /dev/null ||
    { $quietly update && $quietly install -y --no-install-recommends $packages; } > /dev/null
fi

mkdir -p "$folder/cli-plugins"
[ -e "$folder/config.json" ] || echo '{}' > "$folder/config.json"
if DOCKER_CONFIG=$folder docker compose version > /dev/null 2>&1 && DOCKER_CONFIG=$folder docker buildx version > /dev/null 2>&1; then exit 0; fi

# apt with lists of its own, so that the machine's do not change; by the mirror that the machine uses.
apt=$folder/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$apt/sources.list"
cat > "$apt/apt.conf" << CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
CONF
export APT_CONFIG=$apt/apt.conf
cd "$apt"
apt-get -qq update
apt-get -qq download docker-compose/trixie docker-buildx/trixie
for package in docker-compose_*.deb docker-buildx_*.deb; do dpkg-deb -x "$package" unpacked; done
cp unpacked/usr/libexec/docker/cli-plugins/docker-compose unpacked/usr/libexec/docker/cli-plugins/docker-buildx "$folder/cli-plugins/"
rm -rf "$apt"
DOCKER_CONFIG=$folder docker compose version > /dev/null
