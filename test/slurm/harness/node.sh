#!/bin/bash
# A node, as the first process of its namespaces: its name, its own /tmp, /run and /dev/shm. node.sh FOLDER NAME
set -euo pipefail
mount --make-rprivate /
hostname "$2"
ip link set lo up
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t tmpfs -o mode=755 run /run
cd /
exec bash "$1/first.sh" "$1/nodes/$2/ready" < /dev/null
