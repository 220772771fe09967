#!/bin/bash
# The login host, as root in network, host name, IPC and mount namespaces of its own: makes them what they have to be,
# starts the pid namespace of the daemons and nodes, and keeps all until its standard input closes, which happens
# however the one who wanted the cluster ends. Then COMMAND takes down what is left, out of the mount namespace that
# descriptor 3 is.
# login.sh FOLDER COPY CHECKOUT LOGIN_ADDRESS OUTSIDE_ADDRESS COMMAND ...
set -euo pipefail
folder=$1 copy=$2 checkout=$3 login_address=$4 outside_address=$5
shift 5

mount --make-rprivate /
hostname login
ip link set lo up
for bridge in nodes outside; do
  ip link add "$bridge" type bridge
  ip link set "$bridge" up
done
ip address add "$login_address/24" dev nodes
ip address add "$outside_address/24" dev outside
echo 0 > /proc/sys/net/ipv4/ip_forward

# Packages, and a Redis that setup got, are too large to copy.
for name in node_modules .cache; do
  if [ -d "$checkout/$name" ]; then mount --bind "$checkout/$name" "$copy/$name"; fi
done
for name in hosts passwd group resolv.conf; do
  mount --bind "$folder/etc/$name" "$(readlink -f "/etc/$name")"
done
# The machine's own sockets (of a name service's cache, of a container engine) are none of the cluster's.
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs -o mode=1777 tmp /tmp

# The daemons and nodes: the kernel ends every one of them when their first process ends, and that ends with this one.
setpriv --pdeathsig KILL unshare --pid --fork --kill-child --mount --mount-proc bash "$folder/first.sh" \
  "$folder/daemons.ready" < /dev/null 3<&- &
touch "$folder/login.ready"

cat > /dev/null || true
exec nsenter --mount=/proc/self/fd/3 -- "$@" < /dev/null
