# shellcheck shell=bash
# Makes the container a machine that a kubelet can run on.

DATA=/var/lib/rancher/k3s
TLS=$DATA/server/tls
AGENT=$DATA/agent
RUN=/run/k3s
# In MiB: what each of the folders may take at most (they take some 250 in a run), and what must be free.
STATE_LIMIT=2048
STATE_NEEDS=5120
NOT_ALLOWED="a node needs more than this container may do: start it with --privileged, or with the options that support/images/offline-cluster/README.md names"

# prepare_machine: folders, mounts, kernel settings; sets NODE_IP and POD_CGROUP.
prepare_machine() {
  mkdir -p "$TLS" "$AGENT" "$LOGS" "$RUN/containerd" /etc/cni/net.d /var/lib/kubelet/device-plugins
  NODE_IP=${NODE_IP:-$(hostname -I | cut -d' ' -f1)}
  [[ $NODE_IP ]] || die "this container has no IP address: attach it to a network"

  # so that mounts made for pods are seen by all
  mount --make-rshared / 2>/dev/null || die "$NOT_ALLOWED"
  keep_state_in_memory
  mount -o remount,rw /sys 2>/dev/null || true # read-only where the container is not --privileged
  sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 2>/dev/null || die "$NOT_ALLOWED"
  iptables -t nat -A POSTROUTING -s "$CLUSTER_CIDR" ! -d "$CLUSTER_CIDR" -j MASQUERADE
  # A pod cannot reach a resolver on the loopback of this container.
  sed '/nameserver 127\./d' /etc/resolv.conf >"$RUN/resolv.conf"
  # A host of cgroup v1 may have an idle v2 beside it, which crun takes for a mixture that it does not know.
  umount /sys/fs/cgroup/unified 2>/dev/null || true
  # Where it could be written, crun runs from a copy of itself in memory, lest a container changes it: twice the work, ten times a pod.
  { mount --bind /usr/bin/crun /usr/bin/crun && mount -o remount,bind,ro /usr/bin/crun; } || die "$NOT_ALLOWED"
  POD_CGROUP=$(own_cgroup)
  [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || delegate_cgroup "/sys/fs/cgroup$POD_CGROUP"
  forget_foreign_devices
}

# keep_state_in_memory: where the caller wants it and enough memory is free, containerd and etcd do not write to a disk. Writing takes
# processor time, and is of no use to a cluster that ends with its container. State that is on the disk already stays there.
keep_state_in_memory() {
  local free folder
  [[ ${K3S_STATE_IN_MEMORY:-} == yes && ! -e $AGENT/booted ]] || return 0
  free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' "${MEMINFO:-/proc/meminfo}")
  if ((free < STATE_NEEDS)); then
    log "containerd and etcd write to the disk: only $free MiB of memory are free, and to keep their state in memory takes $STATE_NEEDS"
    return
  fi
  for folder in "$AGENT/containerd" "$DATA/server/db"; do
    mkdir -p "$folder"
    mount -t tmpfs -o "mode=711,size=${STATE_LIMIT}m" state "$folder" || die "$NOT_ALLOWED"
  done
}

# The cgroup that pods live under is the container's own: two nodes on one host that shared /kubepods would
# delete each other's pods. With a private cgroup namespace it reads as the root.
own_cgroup() {
  local path hierarchy=/sys/fs/cgroup
  if [[ -e $hierarchy/cgroup.controllers ]]; then
    path=$(sed -n 's/^0:://p' /proc/self/cgroup) # v2
  else
    path=$(awk -F: '$2 == "memory" { print $3 }' /proc/self/cgroup)
    hierarchy+=/memory
  fi
  [[ -d $hierarchy$path ]] || path=/ # the engine shows only the container's part
  echo "${path:-/}"
}

# delegate_cgroup FOLDER: cgroup v2 gives controllers only to children of a group without processes of its own.
# A group that this process is not in is the host's (its folder bound into a private cgroup namespace): hands off.
delegate_cgroup() {
  local controller pid
  grep -qx "$$" "$1/cgroup.procs" || die "the container's own cgroup is not at $1: start it with --cgroupns=host, or without a volume at /sys/fs/cgroup"
  mkdir -p "$1/init"
  while read -r pid; do
    echo "$pid" >>"$1/init/cgroup.procs" || true # it may have ended
  done <"$1/cgroup.procs"
  for controller in $(<"$1/cgroup.controllers"); do
    echo "+$controller" >>"$1/cgroup.subtree_control" || log "cgroup controller $controller cannot be given to pods"
  done
}

# On the first boot of this node, whatever lies in the device plugins' folder is another node's (the folder may be
# bound from the host): its checkpoint would fail GPU pods with UnexpectedAdmissionError.
forget_foreign_devices() {
  [[ -e $AGENT/booted ]] && return
  rm -f /var/lib/kubelet/device-plugins/kubelet_internal_checkpoint
  touch "$AGENT/booted"
}
